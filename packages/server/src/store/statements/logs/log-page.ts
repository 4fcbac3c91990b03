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
  readonly time?: RawBuilder<unknown> | undefined;
  /** Conditions that the index does not serve, written so that the engine tries no other index for them. */
  readonly others: readonly RawBuilder<boolean>[];
};

export type SortedRange = LogRange & { readonly sort: LogSort };

const REVERSE = { newest: 'oldest', oldest: 'newest' } as const satisfies Record<LogSort, LogSort>;

export type LogRow = { readonly id: number; readonly [column: string]: unknown };

/** Rows that one statement examines, and how many it returns: it takes a few milliseconds, and other work comes between two of them. */
export const EXAMINED_AT_ONCE = 1000;
const RETURNED_AT_ONCE = 250;

/** How the records of a log are read from its rows: those that cannot be read are skipped. */
export type LogRecords<R extends LogRow, T> = {
  readonly recordsIn: (rows: readonly unknown[]) => readonly T[];
  /** The time of a row. */
  readonly timeOf: (row: R) => number | bigint;
};

type LogPart<T, P = LogPosition> = Pick<LogPage<T, P>, 'items' | 'next' | 'end'>;
type Reading<R extends LogRow, T> = Generator<RawBuilder<unknown>, LogPart<T>, R[]>;

/**
 * The rows behind a position that match, and where to continue; no `next`: the log has no more, and `end` is its last row. It yields its queries,
 * and the engine returns their rows. Along times, the other rows of the time at which the previous page ended come first, in the order of their numbers.
 */
export function* readPart<R extends LogRow, T>(
  records: LogRecords<R, T>,
  route: LogRoute,
  range: SortedRange,
): Reading<R, T> {
  const { time } = route;
  const { sort, count, after } = range;
  if (time === undefined) return yield* readStretch(records, route, numbersBehind(after?.id, sort), range);
  const times = timesBehind(range);
  if (after?.at === undefined) return yield* readStretch(records, route, times, range);
  const { at } = after;
  const ofTime = { ...route, time: undefined, equal: [...route.equal, sql<boolean>`${time} = ${at}`] };
  const { items, next, end } = yield* readStretch(records, ofTime, numbersBehind(after.id, sort), range);
  if (next !== undefined) return { items, next: { at, id: next.id } };
  if (items.length === count) return { items, next: { at, id: beginning(REVERSE[sort]) } };
  const rest = yield* readStretch(records, route, times, { ...range, count: count - items.length });
  return { ...(end && { end: { at, id: end.id } }), ...rest, items: [...items, ...rest.items] };
}

/** The rows of a stretch that match. */
function* readStretch<R extends LogRow, T>(
  { recordsIn, timeOf }: LogRecords<R, T>,
  route: LogRoute,
  stretch: Stretch,
  { sort, count }: SortedRange,
): Reading<R, T> {
  const placeOf = (row: R) => ({ id: row.id, ...(route.time && { at: Number(timeOf(row)) }) });
  const isPlain = route.others.length === 0;
  const [edge] = isPlain ? [] : yield placeQuery(route, stretch, sort, EXAMINED_AT_ONCE - 1);
  const upTo = edge && placeOf(edge);
  const rows = yield matchingQuery(route, endAt(stretch, upTo, sort), sort, count + 1);
  const shown = rows.slice(0, count);
  const items = recordsIn(shown);
  const last = shown.at(-1);
  if (rows.length > count && last !== undefined) return { items, next: placeOf(last) };
  if (upTo !== undefined)
    return { items, next: upTo.at === undefined ? upTo : { at: upTo.at, id: beginning(sort) } };
  const [end] = isPlain ? [last] : yield placeQuery(route, stretch, REVERSE[sort], 0);
  return { items, ...(end && { end: placeOf(end) }) };
}

/** Reads part by part until the page is full, the log ends, or enough was examined. */
export async function readPage<T, P, R extends { readonly count: number; readonly after?: P }>(
  range: R,
  partOf: (range: R) => Promise<LogPart<T, P>>,
): Promise<LogPage<T, P>> {
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

/** The numbers or times between which the rows of a route are, without these. */
type Stretch = { readonly low: number; readonly high: number };

/** The number before those of all rows, in the order of the list. */
function beginning(sort: LogSort): number {
  return sort === 'newest' ? Number.MAX_SAFE_INTEGER : 0;
}

function numbersBehind(id: number | undefined, sort: LogSort): Stretch {
  const from = id ?? beginning(sort);
  return sort === 'newest' ? { low: 0, high: from } : { low: from, high: Number.MAX_SAFE_INTEGER };
}

function timesBehind({ sort, since = 0, until = Number.MAX_SAFE_INTEGER, after }: SortedRange): Stretch {
  const [low, high] = [since - 1, until];
  const at = after?.at ?? (sort === 'newest' ? high : low);
  return sort === 'newest' ? { low, high: Math.min(at, high) } : { low: Math.max(at, low), high };
}

/** The stretch up to this row; along times, up to the time before it, because there may be more rows of its time. */
function endAt({ low, high }: Stretch, upTo: LogPosition | undefined, sort: LogSort): Stretch {
  if (upTo === undefined) return { low, high };
  if (sort === 'newest') return { low: upTo.at ?? upTo.id - 1, high };
  return { low, high: upTo.at ?? upTo.id + 1 };
}

/** The place of the row that `before` others come before; none: there are fewer. */
function placeQuery(route: LogRoute, stretch: Stretch, sort: LogSort, before: number): RawBuilder<unknown> {
  const { id, time } = route;
  const columns = time === undefined ? sql`${id} as id` : sql`${id} as id, ${time}`;
  return sql`select ${columns} ${along(route, stretch)} ${ordered(route, sort)} limit 1 offset ${before}`;
}

function matchingQuery(route: LogRoute, stretch: Stretch, sort: LogSort, count: number): RawBuilder<unknown> {
  const others = route.others.map((condition) => sql` and ${condition}`);
  return sql`select ${route.columns} ${along(route, stretch)}${sql.join(others, sql``)} ${ordered(route, sort)} limit ${count}`;
}

function along({ from, equal, id, time = id }: LogRoute, { low, high }: Stretch): RawBuilder<unknown> {
  const within = sql`${time} > ${low} and ${time} < ${high}`;
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
