import type { DatabaseSync } from 'node:sqlite';
import { SLICE_MS, takeTurn } from '../../../limits/turns.ts';
import { StoreUnavailable } from '../../ports/store-error.ts';
import { isBusy, isFull } from './busy.ts';
import type { Durability } from './durability.ts';
import { createWorkQueue, type Work } from './work-queue.ts';

export type Reads = {
  /** Resolves when what was read is on the disk, also what another process has written. */
  read<T>(query: () => T): Promise<T>;
  /** A read that takes a millisecond or more: it waits for its turn, so that short reads need not wait for it. */
  readLong<T>(query: () => T): Promise<T>;
};

/** Reads and writes over one connection: what is asked for in one turn of the event loop shares a read transaction and a commit. */
export type GroupCommit = Reads & {
  /** Reads that do not wait for the disk. */
  readonly early: Reads;
  /** Resolves when everything that was read is on the disk. */
  durable(): Promise<void>;
  /**
   * A write of `size` records (1 by default), atomic by itself; it must not wait. Work that would leave half of itself behind throws a HalfWritten: it is
   * called again with `carefully`, and must then undo by itself what it does not finish.
   */
  write<T>(work: (carefully: boolean) => T, size?: number): Promise<T>;
  /** Resolves when all that was asked for is done. */
  finish(): Promise<void>;
};

/**
 * Collects what arrives in one turn of the event loop: reads share a transaction, because locks cost as much as the
 * reading, and writes a commit. A write resolves when its commit is on the disk, which another thread waits for: the event loop
 * continues, and the commits of that time share the next sync. When the commit or the sync fails, all of them reject; a write that fails by
 * itself rejects alone. Callers that waited together continue together, which keeps the processor's caches warm. What
 * takes longer than a few milliseconds waits for the next turn.
 */
export function groupCommit(db: DatabaseSync, durability: Durability): GroupCommit {
  const statements = prepareStatements(db);
  const readSome = readerOf(statements, durability);
  const reads = createWorkQueue(readSome);
  const writes = createWorkQueue(writerOf(statements, durability));
  const write = <T>(work: (carefully: boolean) => T, size = 1): Promise<T> => {
    const { work: own, result } = promiseOf(work, durability.whenDurable, size);
    writes.push(own);
    return result;
  };
  const readsThat = (settles: WhenSettled): Reads => ({
    read: (query) => {
      const { work, result } = promiseOf(query, settles);
      reads.push(work);
      return result;
    },
    readLong: async (query) => {
      await takeTurn();
      const { work, result } = promiseOf(query, settles);
      try {
        readSome([work]);
      } catch (error) {
        if (isBusy(error)) reads.push(work);
        else work.fail(error); // it is ignored if the query itself has failed before
      }
      return result;
    },
  });
  return {
    ...readsThat(durability.whenDurable),
    early: readsThat((settle) => settle()),
    durable: () => new Promise((resolve, reject) => durability.whenDurable(resolve, reject)),
    write,
    finish: async () => {
      if (!reads.isEmpty() || !writes.isEmpty()) await write(() => undefined);
      await durability.finish();
    },
  };
}

type WhenSettled = Durability['whenDurable'];

/** Work, and the promise of its result, which is settled when `settles` says so. */
function promiseOf<T>(
  query: (carefully: boolean) => T,
  settles: WhenSettled,
  size = 1,
): { work: Work; result: Promise<T> } {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  let found: T;
  const run = (carefully: boolean) => {
    found = query(carefully);
  };
  const settle = () => settles(() => resolve(found), reject);
  return { work: { size, run, settle, fail: reject }, result: promise };
}

type Statements = ReturnType<typeof prepareStatements>;

function prepareStatements(db: DatabaseSync) {
  return {
    begin: db.prepare('begin'),
    beginImmediate: db.prepare('begin immediate'),
    commit: db.prepare('commit'),
    rollback: db.prepare('rollback'),
    /** Changes when another connection has committed something. */
    dataVersion: db.prepare('pragma data_version'),
  };
}

/** Runs reads until the slice ends. A read that fails does not concern the others. */
function readerOf(statements: Statements, durability: Durability) {
  let version: number | undefined; // not known: the log may be of a process that was killed before its sync
  const begin = () => {
    statements.begin.run();
    const { data_version } = statements.dataVersion.get() as { data_version: number };
    if (data_version !== version) durability.recordCommit(0);
    version = data_version;
  };
  return (works: readonly Work[]): Work[] => {
    const endsAt = performance.now() + SLICE_MS;
    let done = 0;
    try {
      begin();
      do readOne(works[done++] as Work);
      while (done < works.length && performance.now() < endsAt);
      statements.commit.run();
      return works.slice(done);
    } catch (error) {
      rollBack(statements);
      throw error;
    }
  };
}

function readOne({ run, settle, fail }: Work): void {
  try {
    run(false);
    settle();
  } catch (error) {
    fail(error);
  }
}

/** Records in one commit: that takes a few milliseconds. One write may have more. */
const MOST_RECORDS = 200;

/**
 * Runs as many writes as make a commit, and commits them. When a write throws, it is unknown what of the transaction is left: the
 * others are done again in the next turn, and carefully where a save would leave half of itself behind.
 */
function writerOf(statements: Statements, durability: Durability) {
  let carefully = false;
  return (works: readonly Work[]): Work[] => {
    let running: Work | undefined;
    let [done, records] = [0, 0];
    statements.beginImmediate.run();
    try {
      do {
        running = works[done++] as Work;
        running.run(carefully);
        records += running.size;
      } while (done < works.length && records < MOST_RECORDS);
      running = undefined;
      statements.commit.run();
      durability.recordCommit(records);
      for (const { settle } of works.slice(0, done)) settle();
      carefully &&= done < works.length;
      return works.slice(done);
    } catch (error) {
      rollBack(statements);
      if (error instanceof HalfWritten) {
        carefully = true;
        return [...works];
      }
      const failed = running ? [running] : works.slice(0, done);
      for (const { fail } of failed) fail(explainFailure(error));
      const left = works.filter((work) => !failed.includes(work));
      carefully &&= left.length > 0;
      return left;
    }
  };
}

/** A StoreUnavailable for what time may repair, as of PostgreSQL; any other error is returned as it is. */
function explainFailure(error: unknown): unknown {
  if (!isFull(error)) return error;
  return new StoreUnavailable(`the disk is full (${(error as Error).message})`, { cause: error });
}

function rollBack({ rollback }: Statements): void {
  try {
    rollback.run();
  } catch {
    // SQLite has rolled back by itself, or the transaction never began
  }
}

/** A write failed after it had written something, and not carefully. */
export class HalfWritten extends Error {}
