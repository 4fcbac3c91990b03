import { StoreError } from '../../ports/store-error.ts';
import { type Checkpoints, noCheckpoints } from './checkpoints.ts';

/** Knows what is on the disk of what this connection has committed or read. */
export type Durability = {
  /** There may be something new in the log that is not on the disk: a commit of this connection, or of another one (no records). */
  recordCommit(records: number): void;
  /** Calls `settle` when all that was recorded so far is on the disk: at once if it is. */
  whenDurable(settle: () => void, fail: (error: unknown) => void): void;
  /** Resolves when no caller waits, and closes the file. */
  finish(): Promise<void>;
};

/** For a database in memory. */
export const nothingToSync: Durability = {
  recordCommit: () => undefined,
  whenDurable: (settle) => settle(),
  finish: async () => undefined,
};

/** A file that can be synced without stopping the event loop. */
export type SyncedFile = {
  sync(done: (error: Error | null) => void): void;
  close(): void;
};

type Waiting = {
  readonly commit: number;
  readonly settle: () => void;
  readonly fail: (error: unknown) => void;
};

/**
 * Syncs the write-ahead log, one sync at a time; what is committed meanwhile shares the next one. When a sync fails, the system may have
 * dropped what it could not write, and later syncs say nothing of it: so nothing is acknowledged until the process starts again.
 */
export function syncedDurability(log: SyncedFile, checkpoints: Checkpoints = noCheckpoints): Durability {
  let [committed, durable] = [0, 0];
  let failure: StoreError | undefined;
  let isSyncing = false;
  let waiting: Waiting[] = [];
  let whenIdle: (() => void) | undefined;

  const release = () => {
    const released = waiting.filter(({ commit }) => failure !== undefined || commit <= durable);
    waiting = waiting.slice(released.length);
    for (const { settle, fail } of released) failure === undefined ? settle() : fail(failure);
  };
  const sync = () => {
    isSyncing = true;
    const upTo = committed;
    log.sync((error) => {
      isSyncing = false;
      if (error === null) durable = upTo;
      else failure = explainSync(error);
      release();
      if (waiting.length > 0) sync();
      else whenIdle?.();
    });
  };
  return {
    recordCommit: (records) => {
      committed += 1;
      checkpoints.recordCommit(records);
    },
    whenDurable: (settle, fail) => {
      if (failure !== undefined) fail(failure);
      else if (durable === committed) settle();
      else {
        waiting.push({ commit: committed, settle, fail });
        if (!isSyncing) sync();
      }
    },
    finish: async () => {
      if (isSyncing)
        await new Promise<void>((resolve) => {
          whenIdle = resolve;
        });
      await checkpoints.finish();
      log.close();
    },
  };
}

function explainSync(cause: Error): StoreError {
  return new StoreError(
    `the write-ahead log of the database could not be synced to the disk (${cause.message}): check the disk, then start the server again`,
    { cause },
  );
}
