import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StartError } from '../start-error.ts';
import { describeServer, readMarker } from './marker.ts';

/**
 * An empty SQLite database. The server holds its exclusive lock, which the operating system releases when the process ends,
 * in whatever way. Nothing else may open this file in the server's process: closing it would release the lock.
 */
export const LOCK_FILE = 'server.lock';

const SQLITE_BUSY = 5;
/** Long enough for a server that has just closed its database and ends now. */
const WAIT_MILLISECONDS = 500;

/** Locks that are held: a database that is garbage would be closed, and its lock released. */
const held = new Set<DatabaseSync>();

/**
 * Reserves the data folder for this server and its workers; returns the function that releases it. Commands use the folder
 * without the lock. Throws a StartError that names the process if another server has the lock.
 */
export function lockFolder(folder: string): () => void {
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(join(folder, LOCK_FILE), { timeout: WAIT_MILLISECONDS });
    db.exec('pragma journal_mode = memory; begin exclusive');
  } catch (error) {
    db?.close();
    throw explainLock(folder, error);
  }
  held.add(db);
  return () => {
    held.delete(db);
    db.close();
  };
}

/** Whether a server of another process holds the lock. Not for the process of the server: see `LOCK_FILE`. */
export function isLocked(folder: string): boolean {
  try {
    using db = new DatabaseSync(join(folder, LOCK_FILE), { readOnly: true, timeout: 0 });
    db.prepare('select count(*) from sqlite_master').get();
    return false;
  } catch (error) {
    return (error as { errcode?: number }).errcode === SQLITE_BUSY;
  }
}

function explainLock(folder: string, error: unknown): StartError {
  const { errcode, message } = error as { errcode?: number; message: string };
  if (errcode !== SQLITE_BUSY)
    return new StartError(
      `the file ${join(folder, LOCK_FILE)} cannot be locked (${message}): the data folder must be writable and on a file system with locks; make it so, or set ESIM_DATA_DIR to another folder`,
      { cause: error },
    );
  const marker = readMarker(folder);
  const other = marker === undefined ? 'another server' : `another server (${describeServer(marker)})`;
  return new StartError(
    `${other} uses the data folder ${folder}: stop it, or set ESIM_DATA_DIR to another folder`,
    { cause: error },
  );
}
