import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Card, cardFromJson, cardToJson } from '@esim-rsp/euicc';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import { CliError } from '../command.ts';

/** The name of the phone that commands mean when none is named. */
export const defaultPhone = 'phone';

/** Where a phone is kept: `<data>/phones/<name>.json`, readable for its owner only because it holds keys. */
export type PhonePlace = { readonly dataDir: string; readonly name: string };

/** Makes sure that a name can be one of a file. */
export function phoneName(text: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(text))
    throw new ValueError("a phone's name has 1 to 64 letters, digits, '.', '_' and '-'");
  return text;
}

function folderOf(dataDir: string): string {
  return join(dataDir, 'phones');
}

function pathOf({ dataDir, name }: PhonePlace): string {
  return join(folderOf(dataDir), `${name}.json`);
}

/** The names of the phones in the data folder. */
export async function phoneNames(dataDir: string): Promise<string[]> {
  const files = await readdir(folderOf(dataDir)).catch(unlessMissing);
  return (files ?? []).flatMap((file) => /^(.+)\.json$/.exec(file)?.[1] ?? []).sort();
}

/** The card of a phone; undefined when there is no such phone. */
export async function readPhone(place: PhonePlace): Promise<Card | undefined> {
  const text = await readFile(pathOf(place), 'utf8').catch(unlessMissing);
  if (text === undefined) return undefined;
  try {
    return cardFromJson(text);
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    throw new CliError(`${pathOf(place)} cannot be used: ${error.message}`);
  }
}

/** Keeps the card, on the disk when the promise resolves; the file is replaced as a whole. */
export async function savePhone(place: PhonePlace, card: Card): Promise<void> {
  await mkdir(folderOf(place.dataDir), { recursive: true, mode: 0o700 });
  const unfinished = `${pathOf(place)}.${process.pid}.unfinished`;
  const file = await open(unfinished, 'w', 0o600);
  try {
    await file.writeFile(cardToJson(card));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(unfinished, pathOf(place));
}

/** Keeps a phone from being used by two commands at once, as a card has one reader; gives back how to let go. */
export async function lockPhone(place: PhonePlace): Promise<AsyncDisposable> {
  await mkdir(folderOf(place.dataDir), { recursive: true, mode: 0o700 });
  const path = `${pathOf(place)}.lock`;
  if (!(await tryLock(path))) {
    if (await isHeld(path))
      throw new CliError(`the phone ${place.name} is in use by another command: try again`);
    await rm(path, { force: true });
    if (!(await tryLock(path)))
      throw new CliError(`the phone ${place.name} is in use by another command: try again`);
  }
  return { [Symbol.asyncDispose]: () => rm(path, { force: true }) };
}

async function tryLock(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx', 0o600);
    await file.writeFile(String(process.pid));
    await file.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Whether the process that holds the lock is still there; a command that was killed leaves its lock behind. */
async function isHeld(path: string): Promise<boolean> {
  const pid = Number(await readFile(path, 'utf8').catch(unlessMissing));
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function unlessMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
