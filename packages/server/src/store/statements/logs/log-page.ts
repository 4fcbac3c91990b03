import { type RawBuilder, sql } from 'kysely';
import {
  type LogPage,
  type LogPosition,
  type LogRange,
  type LogSort,
  MOST_EXAMINED,
} from '../../ports/log-page.ts';

/** A way through a log: along one index, in which rows are in the order of the list. */
export type LogRoute = {
  /** The table, or a join whose first table has the index. */
  readonly from: RawBuilder<unknown>;
  readonly columns: RawBuilder<unknown>;
  /** Columns that begin the index, each with its one value. */
  readonly equal: readonly RawBuilder<boolean>[];
  /** What follows them: the number of a row, with the time before it where the index has the time. */
  readonly id: RawBuilder<unknown>;
  readonly time?: RawBuilder<unknown>;
  /** Conditions that the index does not serve, written so that the engine tries no other index for them. */
  readonly others: readonly RawBuilder<boolean>[];
};

export type SortedRange = LogRange & { readonly sort: LogSort };

const REVERSE = { newest: 'oldest', oldest: 'newest' } as const satisfies Record<LogSort, LogSort>;

export type LogRow = { readonly id: number; readonly [column: string]: unknown };

/** Rows that one statement examines, and how many it returns: it takes a few milliseconds, and other work comes between two of them. */
const EXAMINED_AT_ONCE = 1000;
const RETURNED_AT_ONCE = 250;

/** How the records of a log are read from its rows: those that cannot be read are skipped. */
export type LogRecords<R extends LogRow, T> = {
  readonly recordsIn: (rows: readonly unknown[]) => readonly T[];
  /** The time of a row. */
  readonly timeOf: (row: R) => number | bigint;
};

type LogPart<T> = Pick<LogPage<T>, 'items' | 'next' | 'end'>;

/**
 * The rows behind a position that match, and where to continue; no `next`: the log has no more, and `end` is its last row. It yields its queries,
 * and the engine returns their rows.
 */
export function* readPart<R extends LogRow, T>(
  { recordsIn, timeOf }: LogRecords<R, T>,
  route: LogRoute,
  range: SortedRange,
): Generator<RawBuilder<unknown>, LogPart<T>, R[]> {
  const { sort, count } = range;
  const isPlain = route.others.length === 0;
  const placeOf = (row: R): LogPosition =>
    route.time === undefined ? { id: row.id } : { id: row.id, at: Number(timeOf(row)) };
  const [edge] = isPlain ? [] : yield edgeQuery(route, boundsOf(route, range), sort, EXAMINED_AT_ONCE - 1);
  const upTo = edge && placeOf(edge);
  const rows = yield matchingQuery(route, boundsOf(route, range, upTo), sort, count + 1);
  const shown = rows.slice(0, count);
  const items = recordsIn(shown);
  const last = shown.at(-1);
  if (rows.length > count && last !== undefined) return { items, next: placeOf(last) };
  if (upTo !== undefined) return { items, next: upTo };
  const [end] = isPlain ? [last] : yield edgeQuery(route, boundsOf(route, range), REVERSE[sort], 0);
  return { items, ...(end && { end: placeOf(end) }) };
}

/** Reads part by part until the page is full, the log ends, or enough was examined. */
export async function readPage<T>(
  range: SortedRange,
  partOf: (range: SortedRange) => Promise<LogPart<T>>,
): Promise<LogPage<T>> {
  const items: T[] = [];
  let { after } = range;
  for (let examined = 0; ; ) {
    const count = Math.min(range.count - items.length, RETURNED_AT_ONCE);
    const part = await partOf({ ...range, ...(after && { after }), count });
    items.push(...part.items);
    examined += EXAMINED_AT_ONCE;
    const isFull = items.length === range.count;
    if (part.next === undefined) {
      const end = part.end ?? after;
      return { items, ...(end && { end }), isSearchLimited: false };
    }
    if (isFull || examined >= MOST_EXAMINED) return { items, next: part.next, isSearchLimited: !isFull };
    after = part.next;
  }
}

type Bounds = { readonly low: Required<LogPosition>; readonly high: Required<LogPosition> };

/** The positions between which the rows of a page are, without these; `upTo`: the last row. */
function boundsOf(
  { time }: LogRoute,
  { sort, since = 0, until, after }: SortedRange,
  upTo?: LogPosition,
): Bounds {
  const { low, high } = time === undefined ? NUMBERS : timesBetween(since, until);
  const placeOf = ({ at = 0, id }: LogPosition, by = 0) => ({ at, id: id + by });
  const before = after === undefined ? (sort === 'newest' ? high : low) : placeOf(after);
  if (sort === 'newest')
    return { low: upTo ? placeOf(upTo, -1) : low, high: isBehind(before, high) ? high : before };
  return { low: isBehind(low, before) ? low : before, high: upTo ? placeOf(upTo, 1) : high };
}

/** Where the time does not matter, it is 0. */
const NUMBERS: Bounds = { low: { at: 0, id: 0 }, high: { at: 0, id: Number.MAX_SAFE_INTEGER } };

function timesBetween(since: number, until: number | undefined): Bounds {
  const endless = { at: Number.MAX_SAFE_INTEGER, id: Number.MAX_SAFE_INTEGER };
  return { low: { at: since, id: 0 }, high: until === undefined ? endless : { at: until, id: 0 } };
}

function isBehind(one: Required<LogPosition>, other: Required<LogPosition>): boolean {
  return one.at > other.at || (one.at === other.at && one.id > other.id);
}

/** The place of the row that `before` others come before; none: there are fewer. */
function edgeQuery(route: LogRoute, between: Bounds, sort: LogSort, before: number): RawBuilder<unknown> {
  const { id, time } = route;
  const columns = time === undefined ? sql`${id} as id` : sql`${id} as id, ${time}`;
  return sql`select ${columns} ${along(route, between)} ${ordered(route, sort)} limit 1 offset ${before}`;
}

function matchingQuery(route: LogRoute, between: Bounds, sort: LogSort, count: number): RawBuilder<unknown> {
  const others = route.others.map((condition) => sql` and ${condition}`);
  return sql`select ${route.columns} ${along(route, between)}${sql.join(others, sql``)} ${ordered(route, sort)} limit ${count}`;
}

function along({ from, equal, id, time }: LogRoute, { low, high }: Bounds): RawBuilder<unknown> {
  const within =
    time === undefined
      ? sql`${id} > ${low.id} and ${id} < ${high.id}`
      : sql`(${time}, ${id}) > (${low.at}, ${low.id}) and (${time}, ${id}) < (${high.at}, ${high.id})`;
  return sql`from ${from} where ${sql.join([...equal, within], sql` and `)}`;
}

function ordered({ id, time }: LogRoute, sort: LogSort): RawBuilder<unknown> {
  const direction = sql.raw(sort === 'newest' ? ' desc' : '');
  return time === undefined
    ? sql`order by ${id}${direction}`
    : sql`order by ${time}${direction}, ${id}${direction}`;
}

/** Conditions on the times of rows, for a route along their numbers. */
export function timesWithin(time: RawBuilder<unknown>, { since, until }: LogRange): RawBuilder<boolean>[] {
  return [
    ...(since === undefined ? [] : [sql<boolean>`${time} + 0 >= ${since}`]),
    ...(until === undefined ? [] : [sql<boolean>`${time} + 0 < ${until}`]),
  ];
}

/** A condition that no index serves; none if there is no value. */
export function isOneOf(
  column: RawBuilder<unknown>,
  values: readonly string[] | undefined,
): RawBuilder<boolean>[] {
  return values === undefined ? [] : [sql<boolean>`${column} || '' in (${sql.join(values)})`];
}
