import { closeSync, fdatasync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { StoreError } from '../../ports/store-error.ts';
import { isBusy } from './busy.ts';
import type { SyncedFile } from './durability.ts';

/**
 * `normal`: a commit is written into the write-ahead log, but SQLite does not wait for the disk, because we sync the log without stopping
 * the event loop (durability.ts). It syncs log and file when it copies the log, so that a power cut never damages the file.
 *
 * A thread copies the log into the file (checkpoints.ts); a commit does that only if the log grows much longer, and then stops the event
 * loop. 32 MB of pages hold nearly all of a million profiles but the leaves of their tree.
 */
const pragmas = [
  'synchronous = normal',
  'cache_size = -32000',
  'temp_store = memory',
  'wal_autocheckpoint = 40000',
];

/** How long to wait for another process that locks the file. */
const BUSY_MILLISECONDS = 5000;

/** Opens the database of a file, or creates it. Throws a StoreError that says what to do. */
export async function openFile(path: string): Promise<DatabaseSync> {
  createForOwner(path);
  try {
    const db = new DatabaseSync(path, { timeout: BUSY_MILLISECONDS, enableForeignKeyConstraints: true });
    await beginLog(db);
    for (const pragma of pragmas) db.exec(`pragma ${pragma}`);
    return db;
  } catch (error) {
    throw explainFailure(path, error);
  }
}

/** The write-ahead log of an open database: the file exists until the last connection closes. */
export function openLog(path: string): SyncedFile {
  const file = openSync(`${path}-wal`, 'r+');
  return { sync: (done) => fdatasync(file, done), close: () => closeSync(file) };
}

/** SQLite does not wait for locks any more: it would stop the event loop. Work that needs one is tried again. */
export function stopWaiting(db: DatabaseSync): void {
  db.exec('pragma busy_timeout = 0');
}

/** The file holds keys, and SQLite would make it readable for others. SQLite reports what goes wrong here better. */
function createForOwner(path: string): void {
  try {
    closeSync(openSync(path, 'a', 0o600));
  } catch {
    // opening it will fail too
  }
}

/** Unlike other statements, this one does not wait for a process that opens or closes the file at the same moment. */
async function beginLog(db: DatabaseSync): Promise<void> {
  const until = performance.now() + BUSY_MILLISECONDS;
  for (;;)
    try {
      return db.exec('pragma journal_mode = wal');
    } catch (error) {
      if (!isBusy(error) || performance.now() > until) throw error;
      await sleep(10);
    }
}

/** A StoreError for what SQLite reports; any other error is returned as it is. */
export function explainFailure(path: string, error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code !== 'ERR_SQLITE_ERROR') return error;
  return new StoreError(
    `the database ${path} cannot be used (${message}): make it readable and writable; if it is damaged, restore a backup with 'esim restore' into an empty folder`,
    { cause: error },
  );
}
