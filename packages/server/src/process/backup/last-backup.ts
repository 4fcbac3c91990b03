import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** In the data folder, and in no backup: when the last backup of this folder was written. */
const LAST_BACKUP_FILE = '.last-backup';

/** Writes down that there is a new backup, for the metrics. The backup is complete even if this cannot be written. */
export async function recordBackup(dataDir: string, now: number): Promise<void> {
  const text = `${new Date(now).toISOString()}\n`;
  await writeFile(join(dataDir, LAST_BACKUP_FILE), text, { mode: 0o600 }).catch(() => undefined);
}

/** Unix milliseconds; undefined: there is no backup of this folder. */
export async function readLastBackup(dataDir: string): Promise<number | undefined> {
  const text = await readFile(join(dataDir, LAST_BACKUP_FILE), 'utf8').catch(() => '');
  const at = Date.parse(text.trim());
  return Number.isNaN(at) ? undefined : at;
}
