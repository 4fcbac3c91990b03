import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '../connection/connection.ts';
import { statementOf } from '../connection/statements.ts';

/** The highest number of an entry that a transaction has taken. */
const takenOf = (log: 'audit' | 'event') =>
  statementOf(`select case when is_called then last_value else 0 end as taken from ${log}_id_seq`);
/**
 * The number of this transaction, and the first one that is open. A transaction that writes an entry of a log has its own number before it takes that of
 * the entry: a trigger sees to that. So this is asked after `taken`; transactions that took one have lower numbers than this one then.
 */
const own = statementOf('select cast(cast(pg_current_xact_id() as text) as bigint) as own');
const open = statementOf(
  'select cast(cast(pg_snapshot_xmin(pg_current_snapshot()) as text) as bigint) as oldest',
);

type Progress = { readonly taken: number; readonly own: number; readonly oldest: number };

/** Numbers up to `taken` are settled when every transaction before `own` has ended. */
type Bound = Pick<Progress, 'taken' | 'own'>;

const MOST_BOUNDS = 100;

/**
 * Says up to which number every event is there or never will be. It remembers what was taken at each look: when the oldest open transaction
 * is not earlier than the look, all that were open then have ended.
 */
export function createSettled() {
  let last = 0;
  let bounds: Bound[] = [];
  return {
    last: () => last,
    record: ({ taken, own, oldest }: Progress): number => {
      if (bounds.length < MOST_BOUNDS) bounds.push({ taken, own });
      for (const bound of bounds) if (bound.own <= oldest) last = Math.max(last, bound.taken);
      bounds = bounds.filter((bound) => bound.own > oldest);
      return last;
    },
    /** The database was restored to an earlier moment. */
    forget: () => {
      [last, bounds] = [0, []];
    },
  };
}

/** How long a reader waits for the transactions that were open when it began: usually they end within milliseconds. */
const [WAIT_MS, LOOK_AGAIN_MS] = [250, 5];

/** Resolves to the number up to which events can be read: all that were taken, unless a transaction stays open for longer. */
export function settledReader(
  { rowsAlone, readEach }: Pick<Connection, 'rowsAlone' | 'readEach'>,
  log: 'audit' | 'event',
): () => Promise<number> {
  const taken = takenOf(log);
  const settled = createSettled();
  const look = async () => {
    const results = await readEach([taken, own, open].map((statement) => ({ statement, values: [] })));
    return settled.record(Object.assign({}, ...results.map(({ rows }) => rows[0])) as Progress);
  };
  return async () => {
    const until = performance.now() + WAIT_MS;
    const [{ taken: all }] = (await rowsAlone(taken)) as [{ readonly taken: number }];
    if (all < settled.last()) settled.forget();
    while (settled.last() < all) {
      const upTo = await look();
      if (upTo >= all || performance.now() > until) return upTo;
      await sleep(LOOK_AGAIN_MS);
    }
    return all;
  };
}
