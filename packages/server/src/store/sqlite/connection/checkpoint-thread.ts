import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';

/**
 * A thread that copies the write-ahead log into the database, which takes some milliseconds for the pages and more for the disk. It
 * copies what it can while others write; then it has the write lock for the rest, so that the next writer begins the log again.
 */
const { path, pages } = workerData as { readonly path: string; readonly pages: number };
/** Reads of others, such as a backup, can prevent that. No process can write while this thread waits for them. */
const MOST_WAIT_MS = 50;
const db = new DatabaseSync(path, { timeout: MOST_WAIT_MS });
db.exec('pragma synchronous = normal; pragma wal_autocheckpoint = 0');
const checkpoint = (mode: 'noop' | 'passive' | 'restart') =>
  db.prepare(`pragma wal_checkpoint(${mode})`).get() as { readonly busy: number; readonly log: number };

parentPort?.on('message', (message: 'look' | 'end') => {
  if (message === 'end') {
    db.close();
    parentPort?.close();
    return;
  }
  let isBusy = false;
  if (checkpoint('noop').log >= pages) {
    checkpoint('passive');
    isBusy = checkpoint('restart').busy === 1;
  }
  parentPort?.postMessage({ isBusy });
});
