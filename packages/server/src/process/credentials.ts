import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Credentials } from '../accounts/accounts.ts';

/** The credentials that the demo writes into the data folder for the command line. */
export type SavedCredentials = Credentials & { readonly url: string };

/** Path of that file. */
export function credentialsIn(dataDir: string): string {
  return join(dataDir, FILE);
}

const FILE = 'credentials.json';

/** Reads the credentials of an earlier start. undefined: there are none, or the file is not valid. */
export async function readCredentials(dataDir: string): Promise<SavedCredentials | undefined> {
  try {
    const saved: unknown = JSON.parse(await readFile(credentialsIn(dataDir), 'utf8'));
    return isSaved(saved) ? saved : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function isSaved(value: unknown): value is SavedCredentials {
  if (typeof value !== 'object' || value === null) return false;
  const { url, userId, apiKey } = value as Record<string, unknown>;
  return [url, userId, apiKey].every((member) => typeof member === 'string' && member !== '');
}

/** Writes the credentials, readable by the owner only. Replaces an older file in one step. */
export async function saveCredentials(
  dataDir: string,
  { url, userId, apiKey }: SavedCredentials,
): Promise<void> {
  const unfinished = join(dataDir, `${FILE}.${process.pid}.unfinished`);
  const file = await open(unfinished, 'w', 0o600);
  try {
    await file.writeFile(`${JSON.stringify({ url, userId, apiKey }, null, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(unfinished, credentialsIn(dataDir));
}
