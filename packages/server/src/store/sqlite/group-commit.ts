import type { Change, Saved } from '@esim-rsp/smdp/state/change';
import type { ProfileRow } from '../rows/columns.ts';
import { contentToRow } from '../rows/contents.ts';
import { eventToRow } from '../rows/events.ts';
import { profileToRow } from '../rows/profiles.ts';
import { sessionToRow } from '../rows/sessions.ts';
import type { Statements } from './statements.ts';

type Work = {
  readonly run: (carefully: boolean) => void;
  readonly settle: () => void;
  readonly fail: (error: unknown) => void;
};

/** Reading and writing over one connection: what is asked for in one turn shares a read transaction and a commit. */
export type GroupCommit = {
  read<T>(query: () => T): Promise<T>;
  save(changes: readonly Change[]): Promise<Saved>;
  /** Any other write, atomic by itself; it must not wait. */
  write<T>(work: () => T): Promise<T>;
  /** Resolves when nothing is waiting any more. */
  settled(): Promise<void>;
};

/**
 * Collects what arrives in one turn of the event loop: reads share a transaction, because locks cost as much as the
 * reading, and writes a commit, so that one sync to the disk serves many. A write resolves after the commit; when the
 * commit fails, all of them reject; a write that fails by itself rejects alone. Callers that waited together go on
 * together, which keeps the processor's caches warm.
 */
export function groupCommit(statements: Statements): GroupCommit {
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
  const write = <T>(work: () => T) => enqueue(writes, work);
  return {
    read: (query) => enqueue(reads, query),
    write,
    save: (changes) => enqueue(writes, (carefully) => apply(statements, changes, carefully)),
    settled: async () => {
      if (reads.length + writes.length > 0) await write(() => undefined);
    },
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
    for (const { fail } of works) fail(error); // of those that were settled, nobody listens any more
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
 * When a write throws, nobody knows what of the transaction is left: it is done again without that write, or, where a save
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

/** A save was found to be stale when some of it was written. */
class HalfWritten extends Error {}

/**
 * One save inside the shared transaction. Nearly all are fresh, and nearly all others are stale at the first change, so
 * nothing is kept to go back to unless it is done `carefully`: then a stale save takes back what it has written.
 */
function apply(statements: Statements, changes: readonly Change[], carefully: boolean): Saved {
  if (!carefully) {
    const { outcome, changed } = applyEach(statements, changes);
    if (outcome !== 'saved' && changed > 0) throw new HalfWritten();
    return outcome;
  }
  statements.savepoint.run();
  const { outcome } = applyEach(statements, changes);
  if (outcome !== 'saved') statements.undo.run();
  statements.release.run();
  return outcome;
}

/** Writes one change after the other, up to the first that does not fit; tells how many were written. */
function applyEach(statements: Statements, changes: readonly Change[]): { outcome: Saved; changed: number } {
  let changed = 0;
  try {
    for (const change of changes) {
      if (!written(statements, change)) return { outcome: 'stale', changed };
      changed += 1;
    }
    return { outcome: 'saved', changed };
  } catch (error) {
    if (isConflictOn('matching_id', error)) return { outcome: 'matchingIdTaken', changed };
    if (isConflictOn('download_order_call', error)) return { outcome: 'stale', changed };
    throw error;
  }
}

function isConflictOn(column: string, error: unknown): boolean {
  return (
    error instanceof Error &&
    error.message.startsWith('UNIQUE constraint failed:') &&
    error.message.includes(column)
  );
}

/** Whether the record was as the change expects it. */
function written(statements: Statements, change: Change): boolean {
  if ('session' in change) {
    const { version } = change.session;
    const row = sessionToRow({ ...change.session, version: version + 1 });
    return version === 0 ? statements.insertSession(row) : statements.updateSession(row, version);
  }
  if ('event' in change) return statements.insertEvent(eventToRow(change.event));
  if ('passed' in change) {
    const { template, numbers } = change.passed;
    statements.passNumbers.run(numbers, template, numbers);
    return true;
  }
  const { profile, content } = change;
  const { version } = profile;
  const row = profileToRow({ ...profile, version: version + 1 });
  if (!(version === 0 ? statements.insertProfile(row) : updated(statements, row, version))) return false;
  if (content !== undefined) statements.insertContent(contentToRow(profile.iccid, content));
  return true;
}

/** What usually stays as it is when a profile comes to a state. */
const narrowest: Readonly<Record<string, 'updateProfileInState' | 'updateProfileInOrder'>> = {
  RELEASED: 'updateProfileInState',
  DOWNLOADED: 'updateProfileInOrder',
};

/** An index costs more than the row, so the update that touches the fewest is tried first. */
function updated(statements: Statements, row: ProfileRow, version: number): boolean {
  const narrow = statements[narrowest[row.state] ?? 'updateProfileOnDevice'];
  return narrow(row, version) || statements.updateProfile(row, version);
}
