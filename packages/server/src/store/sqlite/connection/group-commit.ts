import type { DatabaseSync } from 'node:sqlite';

type Work = {
  readonly run: (carefully: boolean) => void;
  readonly settle: () => void;
  readonly fail: (error: unknown) => void;
};

/** Reads and writes over one connection: what is asked for in one turn of the event loop shares a read transaction and a commit. */
export type GroupCommit = {
  read<T>(query: () => T): Promise<T>;
  /**
   * A write, atomic by itself; it must not wait. Work that would leave half of itself behind throws a HalfWritten: it is
   * called again with `carefully`, and must then undo by itself what it does not finish.
   */
  write<T>(work: (carefully: boolean) => T): Promise<T>;
  /** Resolves when all that was asked for is done. */
  finish(): Promise<void>;
};

/**
 * Collects what arrives in one turn of the event loop: reads share a transaction, because locks cost as much as the
 * reading, and writes a commit, so that one sync to the disk serves many. A write resolves after the commit; when the
 * commit fails, all of them reject; a write that fails by itself rejects alone. Callers that waited together continue
 * together, which keeps the processor's caches warm.
 */
export function groupCommit(db: DatabaseSync): GroupCommit {
  const statements = prepareStatements(db);
  let reads: Work[] = [];
  let writes: Work[] = [];

  const turn = () => {
    const [reading, writing] = [reads, writes];
    reads = [];
    writes = [];
    if (reading.length > 0) readAll(statements, reading);
    if (writing.length > 0) commitAll(statements, writing);
  };
  const enqueue = <T>(queue: Work[], work: (carefully: boolean) => T): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      if (reads.length + writes.length === 0) setImmediate(turn);
      let result: T;
      const run = (carefully: boolean) => {
        result = work(carefully);
      };
      queue.push({ run, settle: () => resolve(result), fail: reject });
    });
  const write = <T>(work: (carefully: boolean) => T) => enqueue(writes, work);
  return {
    read: (query) => enqueue(reads, query),
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

/** A read that fails does not concern the others. */
function readAll(statements: Statements, works: readonly Work[]): void {
  try {
    statements.begin.run();
    for (const work of works) settleOne(work);
    statements.commit.run();
  } catch (error) {
    rollBack(statements);
    for (const { fail } of works) fail(error); // the promises that were settled before ignore it
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

/**
 * When a write throws, it is unknown what of the transaction is left: it is done again without that write, or, where a save
 * would leave half of itself behind, carefully.
 */
function commitAll(statements: Statements, works: readonly Work[], carefully = false): void {
  let running: Work | undefined;
  try {
    statements.beginImmediate.run();
    for (running of works) running.run(carefully);
    running = undefined;
    statements.commit.run();
    for (const { settle } of works) settle();
  } catch (error) {
    rollBack(statements);
    const again = error instanceof HalfWritten;
    const failed = again ? [] : running ? [running] : works;
    for (const { fail } of failed) fail(error);
    const others = works.filter((work) => !failed.includes(work));
    if (others.length > 0) commitAll(statements, others, carefully || again);
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
