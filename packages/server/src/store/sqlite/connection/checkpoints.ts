import { once } from 'node:events';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';

/** Copies the write-ahead log into the database from time to time, without stopping the event loop. */
export type Checkpoints = {
  /** Call this after each commit, with the number of records that it wrote. */
  recordCommit(records: number): void;
  /** Ends the thread, if there is one. */
  finish(): Promise<void>;
};

/** For a database without a log. */
export const noCheckpoints: Checkpoints = {
  recordCommit: () => undefined,
  finish: async () => undefined,
};

/**
 * The log is copied when it has 16 MB: a page that is written again until then, as those of indexes are, is copied once.
 */
const PAGES = 4000;
/** Between two looks at the log. The first one starts the thread: most commands write less. */
const RECORDS = 200;
/** The same after a look at which others read what is in the log. */
const RECORDS_WHEN_BUSY = 5000;

/** Checkpoints in a thread of their own. If the thread fails, commits make them, when the log is ten times as long (file.ts). */
export function checkpointsInThread(path: string): Checkpoints {
  let thread: Worker | undefined;
  let records = 0;
  let next = RECORDS;
  const look = () => {
    records = 0;
    next = Number.POSITIVE_INFINITY;
    thread ??= startThread(path, ({ isBusy }) => {
      next = isBusy ? RECORDS_WHEN_BUSY : RECORDS;
    });
    thread.postMessage('look');
  };
  return {
    recordCommit: (written) => {
      records += written;
      if (records >= next) look();
    },
    finish: async () => {
      if (thread === undefined || thread.threadId < 0) return;
      thread.ref(); // the process waits for it
      const end = once(thread, 'exit');
      thread.postMessage('end');
      await end;
    },
  };
}

/** When it fails it stays silent, and nothing is asked of it again. */
function startThread(path: string, whenDone: (look: { readonly isBusy: boolean }) => void): Worker {
  const program = new URL(`checkpoint-thread${extname(import.meta.filename)}`, import.meta.url);
  const thread = new Worker(program, { workerData: { path, pages: PAGES } });
  thread.unref();
  thread.on('message', whenDone);
  thread.on('error', () => undefined);
  return thread;
}
