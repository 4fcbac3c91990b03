import { Type } from '@sinclair/typebox';
import { about, Count, inWords, literals, named } from '../../shapes/shape.ts';
import { Time } from '../../shapes/time.ts';
import {
  type LogPage,
  type LogPosition,
  type LogRange,
  type LogSort,
  logSorts,
} from '../../store/ports/log-page.ts';
import type { ChainStore, LogName } from '../../store/ports/logs/chains.ts';
import { HttpProblem } from './problem.ts';

/** How events, audit entries and deliveries are listed: the same members in every query and every page. */

const LogSortShape = named(
  'LogSort',
  literals(logSorts, 'The order of a list: the newest first, or the oldest first'),
);

/** The first members of a query for a page. Generated clients take them by their places: newer ones are at the end, in `logFilters`. */
export function logPaging(one: string) {
  return {
    cursor: Type.Optional(
      Type.String({
        pattern: '^[0-9]{1,15}(-[0-9]{1,16})?$',
        ...inWords('next_cursor of a page of the same list'),
        examples: ['17'],
        description: `next_cursor of the previous page, with the same filters and sort, or the id of ${one} (not with since or until); without it, the first page`,
      }),
    ),
    count: Type.Optional(Count),
  };
}

export function logFilters(items: string, usual: LogSort) {
  return {
    sort: Type.Optional(about(`The order of the ${items}; without it, ${usual}`, LogSortShape)),
    since: Type.Optional(Time(`Only ${items} of this time or later`)),
    until: Type.Optional(Time(`Only ${items} before this time`)),
  };
}

/** The filter by type of event; `types` describes which there are. */
export function typesFilter(items: string, types: readonly string[]) {
  return Type.Optional(
    Type.String({
      pattern: '^[a-z_.]+(,[a-z_.]+)*$',
      ...inWords('types, with commas and no spaces between them'),
      maxLength: 500,
      description: `Only ${items} of these types, separated by commas: some of ${types.join(', ')}`,
    }),
  );
}

/** The types that a query names; throws 400 for one that does not exist. */
export function typesIn<T extends string>(list: string, types: readonly T[]): readonly T[] {
  return list.split(',').map((word) => {
    const type = types.find((one) => one === word);
    if (type !== undefined) return type;
    const message = `has ${word}, which is not a type of event`;
    throw new HttpProblem(400, 'validation_failed', `types ${message}`, [{ field: 'types', message }]);
  });
}

export const SearchLimited = Type.Optional(
  Type.Boolean({
    description:
      'Present and true when the page has fewer items than it could have, because the server examines a limited number for one page: continue with next_cursor',
  }),
);

export type LogQuery = {
  readonly cursor?: string;
  readonly count?: number;
  readonly sort?: LogSort;
  readonly since?: string;
  readonly until?: string;
};

/** The part of the log that a query asks for; `byNumber`: it is read along its numbers, also with a time. */
export function rangeIn(
  { cursor, count = 100, sort, since, until }: LogQuery,
  { usual, byNumber = false }: { readonly usual: LogSort; readonly byNumber?: boolean },
): LogRange & { readonly sort: LogSort } {
  const isTimed = !byNumber && (since !== undefined || until !== undefined);
  return {
    count,
    sort: sort ?? usual,
    ...(since !== undefined && { since: Date.parse(since) }),
    ...(until !== undefined && { until: Date.parse(until) }),
    ...(cursor !== undefined && { after: positionIn(cursor, isTimed) }),
  };
}

/** Where a list continues: the number of a row, or its time and its number if the list is limited by time. */
export function cursorTo({ at, id }: LogPosition): string {
  return at === undefined ? String(id) : `${at}-${id}`;
}

function positionIn(cursor: string, isTimed: boolean): LogPosition {
  const [first, second] = cursor.split('-').map(Number);
  const [at, id] = second === undefined ? [undefined, first] : [first, second];
  if ((at !== undefined) !== isTimed || id === undefined) {
    const message = 'is not of this list: take next_cursor as it is, with the same filters and sort';
    throw new HttpProblem(400, 'validation_failed', `cursor ${message}`, [{ field: 'cursor', message }]);
  }
  return at === undefined ? { id } : { at, id };
}

/** The answer of a list that continues behind entries that were deleted. */
export const ENTRIES_DELETED = {
  description:
    'Entries behind the cursor were deleted, because they were old (ESIM_KEEP_EVENTS, ESIM_KEEP_AUDIT): without a cursor the list begins with the oldest that is left',
  code: 'entries_deleted',
} as const;

/** Throws 410 if a list of the oldest first would leave entries out without a word, because they were deleted. The cursor 0 is the beginning. */
export async function refuseDeleted(
  store: Pick<ChainStore, 'chainOf'>,
  log: LogName,
  { account, sort, after }: LogRange & { readonly account: string },
): Promise<void> {
  if (sort !== 'oldest' || after === undefined || after.id === 0) return;
  const chain = await store.chainOf(log, account);
  if (chain === undefined || chain.cutEntry <= after.id) return;
  const name = { event: 'events', audit: 'audit entries' }[log];
  const message = `the ${name} up to number ${chain.cutEntry} were deleted, and the cursor is before that: leave it out to begin with the oldest that is left`;
  throw new HttpProblem(410, ENTRIES_DELETED.code, message);
}

/** What each page has besides its items: how to continue. */
export const logPlace = (older: string) => ({
  next_cursor: Type.Optional(
    Type.String({ description: `The cursor of the next page; absent when there are no more ${older}` }),
  ),
  more: Type.Boolean({ description: `Whether there may be more ${older}` }),
  search_limited: SearchLimited,
});

export function placeAfter({ next, isSearchLimited }: LogPage<unknown>) {
  return {
    ...(next !== undefined && { next_cursor: cursorTo(next) }),
    more: next !== undefined,
    ...(isSearchLimited && { search_limited: true as const }),
  };
}
