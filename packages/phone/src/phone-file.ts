import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Card, cardFromJson, cardToJson } from '@esim-rsp/euicc';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import { PhoneError } from './phone-error.ts';

/** Where a phone is: `<dataDir>/phones/<name>.json`. Only its owner can read the file, because it holds keys. */
export type PhonePlace = { readonly dataDir: string; readonly name: string };

/** Reads the name of a phone, which is the name of a file too. Throws a ValueError. */
export function parsePhoneName(text: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(text))
    throw new ValueError("a phone's name has 1 to 64 letters, digits, '.', '_' and '-'");
  return text;
}

function folderOf(dataDir: string): string {
  return join(dataDir, 'phones');
}

export function pathOf({ dataDir, name }: PhonePlace): string {
  return join(folderOf(dataDir), `${name}.json`);
}

/** Creates the folder of the phones if there is none; only its owner can read it. */
export async function createFolder({ dataDir }: PhonePlace): Promise<void> {
  await mkdir(folderOf(dataDir), { recursive: true, mode: 0o700 });
}

/** The names of the phones in a data folder, sorted. */
export async function phoneNames(dataDir: string): Promise<string[]> {
  const files = await readdir(folderOf(dataDir)).catch(undefinedIfMissing);
  return (files ?? []).flatMap((file) => /^(.+)\.json$/.exec(file)?.[1] ?? []).sort();
}

/** Whether there is a phone of this name. */
export async function hasPhone({ dataDir, name }: PhonePlace): Promise<boolean> {
  return (await phoneNames(dataDir)).includes(name);
}

/** Reads the card of a phone; undefined if there is no such phone. */
export async function readCard(place: PhonePlace): Promise<Card | undefined> {
  const text = await readFile(pathOf(place), 'utf8').catch(undefinedIfMissing);
  if (text === undefined) return undefined;
  try {
    return cardFromJson(text);
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    throw new PhoneError('unreadable', `${pathOf(place)} cannot be used: ${error.message}`, { cause: error });
  }
}

/** Writes the card of a phone. The file is replaced as a whole, and is on the disk when the promise resolves. */
export async function writeCard(place: PhonePlace, card: Card): Promise<void> {
  await createFolder(place);
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

/** Deletes the file of a phone. */
export async function removeCard(place: PhonePlace): Promise<void> {
  await rm(pathOf(place));
}

/** For `catch`: a file that is missing is undefined, every other error is thrown. */
export function undefinedIfMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
