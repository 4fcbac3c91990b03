import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '../connection/connection.ts';
import { statementOf } from '../connection/statements.ts';

/**
 * The highest number of an event that a transaction has taken, and which transactions are open. A transaction that writes an event has its
 * own number before it takes that of the event: a trigger sees to that.
 */
const progress = statementOf(
  `select case when is_called then last_value else 0 end as taken,
    cast(cast(pg_snapshot_xmin(pg_current_snapshot()) as text) as bigint) as oldest,
    cast(cast(pg_snapshot_xmax(pg_current_snapshot()) as text) as bigint) as next
    from event_id_seq`,
);

/** `oldest`: the first transaction that may be open; `next`: none from there on had started. */
type Progress = { readonly taken: number; readonly oldest: number; readonly next: number };

/** Numbers up to `taken` are settled when every transaction before `next` has ended. */
type Bound = { readonly taken: number; readonly next: number };

const MOST_BOUNDS = 100;

/**
 * Says up to which number every event is there or never will be. It remembers what was taken at each look: when the oldest open transaction
 * is later than all that were open then, all of those have ended.
 */
export function createSettled(): (state: Progress) => number {
  let last = 0;
  let bounds: Bound[] = [];
  return ({ taken, oldest, next }) => {
    if (taken < last) [last, bounds] = [0, []]; // the database was restored to an earlier moment
    if (bounds.length < MOST_BOUNDS) bounds.push({ taken, next });
    for (const bound of bounds) if (bound.next <= oldest) last = Math.max(last, bound.taken);
    bounds = bounds.filter((bound) => bound.next > oldest);
    return last;
  };
}

/** How long a reader waits for the transactions that were open when it began: usually they end within milliseconds. */
const [WAIT_MS, LOOK_AGAIN_MS] = [250, 5];

/** Resolves to the number up to which events can be read: all that were taken, unless a transaction stays open for longer. */
export function settledReader({ rowsAlone }: Pick<Connection, 'rowsAlone'>): () => Promise<number> {
  const settled = createSettled();
  const look = async () => {
    const [state] = (await rowsAlone(progress)) as [Progress];
    return { taken: state.taken, upTo: settled(state) };
  };
  return async () => {
    const until = performance.now() + WAIT_MS;
    const { taken, upTo: first } = await look();
    let upTo = first;
    while (upTo < taken && performance.now() < until) {
      await sleep(LOOK_AGAIN_MS);
      ({ upTo } = await look());
    }
    return upTo;
  };
}
