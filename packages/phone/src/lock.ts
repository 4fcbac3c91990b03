import { open, readFile, rm } from 'node:fs/promises';
import { PhoneError } from './phone-error.ts';
import { createFolder, type PhonePlace, pathOf, undefinedIfMissing } from './phone-file.ts';

/** Reserves a phone for this process, as a card has one reader, until the result is disposed of. */
export async function lockPhone(place: PhonePlace): Promise<AsyncDisposable> {
  await createFolder(place);
  const path = `${pathOf(place)}.lock`;
  if (!(await createLock(path))) {
    if (await isHeld(path)) throw busy(place);
    await rm(path, { force: true });
    if (!(await createLock(path))) throw busy(place);
  }
  return { [Symbol.asyncDispose]: () => rm(path, { force: true }) };
}

function busy({ name }: PhonePlace): PhoneError {
  return new PhoneError('busy', `the phone ${name} is in use by another command: try again`);
}

async function createLock(path: string): Promise<boolean> {
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

/** Whether the process that holds the lock still runs; a process that was killed leaves its lock behind. */
async function isHeld(path: string): Promise<boolean> {
  const pid = Number(await readFile(path, 'utf8').catch(undefinedIfMissing));
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
