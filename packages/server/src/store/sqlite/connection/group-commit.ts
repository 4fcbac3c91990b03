import type { DatabaseSync } from 'node:sqlite';
import { SLICE_MS, takeTurn } from '../../../limits/turns.ts';

type Work = {
  /** How many records it writes. */
  readonly size: number;
  readonly run: (carefully: boolean) => void;
  readonly settle: () => void;
  readonly fail: (error: unknown) => void;
};

/** Reads and writes over one connection: what is asked for in one turn of the event loop shares a read transaction and a commit. */
export type GroupCommit = {
  read<T>(query: () => T): Promise<T>;
  /** A read that takes a millisecond or more: it waits for its turn, so that short reads need not wait for it. */
  readLong<T>(query: () => T): Promise<T>;
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
 * reading, and writes a commit, so that one sync to the disk serves many. A write resolves after the commit; when the
 * commit fails, all of them reject; a write that fails by itself rejects alone. Callers that waited together continue
 * together, which keeps the processor's caches warm. What takes longer than a few milliseconds waits for the next turn.
 */
export function groupCommit(db: DatabaseSync): GroupCommit {
  const statements = prepareStatements(db);
  let reads: Work[] = [];
  let writes: Work[] = [];

  let carefully = false;

  const turn = () => {
    if (reads.length > 0) reads = reads.slice(readSome(statements, reads));
    if (writes.length > 0) {
      const { left, isHalfWritten } = commitSome(statements, writes, carefully);
      writes = left;
      carefully = left.length > 0 && (carefully || isHalfWritten);
    }
    if (reads.length + writes.length > 0) setImmediate(turn);
  };
  const enqueue = <T>(queue: Work[], work: (carefully: boolean) => T, size = 1): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      if (reads.length + writes.length === 0) setImmediate(turn);
      let result: T;
      const run = (carefully: boolean) => {
        result = work(carefully);
      };
      queue.push({ size, run, settle: () => resolve(result), fail: reject });
    });
  const write = <T>(work: (carefully: boolean) => T, size?: number) => enqueue(writes, work, size);
  return {
    read: (query) => enqueue(reads, query),
    readLong: async (query) => {
      await takeTurn();
      return inTransaction(statements, query);
    },
    write,
    finish: async () => {
      if (reads.length + writes.length > 0) await write(() => undefined);
    },
  };
}

type Statements = ReturnType<typeof prepareStatements>;

function prepareStatements(db: DatabaseSync) {
  return {
    begin: db.prepare('begin'),
    beginImmediate: db.prepare('begin immediate'),
    commit: db.prepare('commit'),
    rollback: db.prepare('rollback'),
  };
}

/** Runs reads until the slice ends; returns how many. A read that fails does not concern the others. */
function readSome(statements: Statements, works: readonly Work[]): number {
  const endsAt = performance.now() + SLICE_MS;
  let done = 0;
  try {
    statements.begin.run();
    do settleOne(works[done++] as Work);
    while (done < works.length && performance.now() < endsAt);
    statements.commit.run();
  } catch (error) {
    rollBack(statements);
    for (const { fail } of works) fail(error); // the promises that were settled before ignore it
    return works.length;
  }
  return done;
}

function inTransaction<T>(statements: Statements, query: () => T): T {
  statements.begin.run();
  try {
    return query();
  } finally {
    statements.commit.run();
  }
}

function settleOne({ run, settle, fail }: Work): void {
  try {
    run(false);
    settle();
  } catch (error) {
    fail(error);
  }
}

/** Records in one commit: that takes a few milliseconds, and the sync to the disk. One write may have more. */
const MOST_RECORDS = 200;

/**
 * Runs as many writes as make a commit, and commits them. When a write throws, it is unknown what of the transaction is left: the
 * others are done again in the next turn, and carefully where a save would leave half of itself behind.
 */
function commitSome(
  statements: Statements,
  works: readonly Work[],
  carefully: boolean,
): { readonly left: Work[]; readonly isHalfWritten: boolean } {
  let running: Work | undefined;
  let [done, records] = [0, 0];
  try {
    statements.beginImmediate.run();
    do {
      running = works[done++] as Work;
      running.run(carefully);
      records += running.size;
    } while (done < works.length && records < MOST_RECORDS);
    running = undefined;
    statements.commit.run();
    for (const { settle } of works.slice(0, done)) settle();
    return { left: works.slice(done), isHalfWritten: false };
  } catch (error) {
    rollBack(statements);
    const isHalfWritten = error instanceof HalfWritten;
    const failed = isHalfWritten ? [] : running ? [running] : works.slice(0, done || works.length);
    for (const { fail } of failed) fail(error);
    return { left: works.filter((work) => !failed.includes(work)), isHalfWritten };
  }
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
