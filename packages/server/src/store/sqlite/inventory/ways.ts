import { type Kysely, type SelectQueryBuilder, sql } from 'kysely';
import type { InventoryFilter, ListPosition } from '../../ports/inventory.ts';
import type { ProfileRow } from '../../rows/profiles.ts';
import type { Tables } from '../../rows/tables.ts';
import { type Connection, prepareLazily } from '../connection/connection.ts';
import { rowsOf } from '../connection/read-rows.ts';
import { iccidsOf, imsisOf } from './bounds.ts';
import { selectViews } from './profile-views.ts';

/** The columns that have an index of their own, after the account and before the ICCID. */
const indexed = ['state', 'profile_type', 'eid', 'imsi', 'msisdn_digits', 'changed_at'] as const;
/** A way through the profiles of an account: along one of these indexes, or by ICCID alone. */
export type Way = (typeof indexed)[number] | 'iccid';
export const ways: readonly Way[] = ['iccid', ...indexed];
export type Direction = 'asc' | 'desc';

/** The indexes of these leave out rows without a value. */
const sparse: readonly Way[] = ['profile_type', 'eid', 'msisdn_digits'];

/** The part of a way between two positions; `value`: the one value of the indexed column that it stays at. */
export type Stretch = {
  readonly account: string;
  readonly value: string | undefined;
  readonly low: ListPosition;
  readonly high: ListPosition;
};

type Values = readonly (string | number)[];
type Rows = SelectQueryBuilder<Tables, 'profile', object>;

/** Reads along a way: rows are the values of `viewColumns`. */
export type WayReader = {
  /** All profiles on the stretch, `count` at most. */
  page(stretch: Stretch, count: number): unknown[];
  /** Only those that the filter lets through. */
  filtered(filter: InventoryFilter, stretch: Stretch, count: number): unknown[];
  /** The profile that `count` others come before; undefined: there are no more than that. */
  rowAfter(
    stretch: Stretch,
    count: number,
  ): (Pick<ProfileRow, 'iccid' | 'imsi'> & { readonly changed_at: number | bigint }) | undefined;
};

export function wayReader(connection: Connection, way: Way, direction: Direction): WayReader {
  const { kysely, prepare, prepareArrays } = connection;
  const queries = wayQueries(kysely, way, direction);
  const statements = prepareLazily({
    page: () => prepareArrays(queries.page()),
    filtered: () => prepareArrays(queries.filtered()),
    rowAfter: () => prepare(queries.rowAfter()),
  });
  return {
    page: (stretch, count) => rowsOf(statements.page, ...stretchValues(stretch), count),
    filtered: (filter, stretch, count) =>
      rowsOf(statements.filtered, ...filterValues(filter), ...stretchValues(stretch), count),
    rowAfter: (stretch, count) =>
      rowsOf(statements.rowAfter, ...stretchValues(stretch), 1, count)[0] as never,
  };
}

/** The queries of a way. A test asks SQLite for their plans. */
export function wayQueries(kysely: Kysely<Tables>, way: Way, direction: Direction) {
  const rows = () => kysely.selectFrom('profile').select([way, 'iccid']);
  return {
    page: () => along(selectViews(kysely), way, direction).limit(1),
    filtered: () => along(filtered(selectViews(kysely)), way, direction).limit(1),
    rowAfter: () => along(rows(), way, direction).limit(1).offset(1),
  };
}

function along<Q extends Rows>(query: Q, way: Way, direction: Direction): Q {
  const own = query.where('account', '=', '') as Q;
  if (way === 'iccid')
    return own.where('iccid', '>', '').where('iccid', '<', '').orderBy('iccid', direction) as Q;
  const key = sql`(${sql.ref(way)}, iccid)`;
  const within = own
    .where(sql<boolean>`${key} > (${''}, ${''})`)
    .where(sql<boolean>`${key} < (${''}, ${''})`)
    .orderBy(way, direction)
    .orderBy('iccid', direction) as Q;
  return sparse.includes(way) ? (within.where(way, 'is not', null) as Q) : within;
}

/** The values of `along`. */
function stretchValues({ account, value, low, high }: Stretch): Values {
  const bound = (position: ListPosition) => {
    const first = value ?? position.value;
    return first === undefined ? [position.iccid] : [first, position.iccid];
  };
  return [account, ...bound(low), ...bound(high)];
}

/** Conditions that no index serves: written so that SQLite does not try one. */
function filtered<Q extends Rows>(query: Q): Q {
  return query
    .where(sql<boolean>`(${''} = '' or ${''} like '%,' || state || ',%')`)
    .where(sql<boolean>`(${''} = '' or profile_type || '' = ${''})`)
    .where(sql<boolean>`(${''} = '' or eid || '' = ${''})`)
    .where(sql<boolean>`(${''} = '' or msisdn_digits || '' = ${''})`)
    .where(sql<boolean>`imsi || '' >= ${''}`)
    .where(sql<boolean>`imsi || '' <= ${''}`)
    .where(sql<boolean>`iccid || '' >= ${''}`)
    .where(sql<boolean>`iccid || '' <= ${''}`)
    .where(sql<boolean>`changed_at + 0 >= ${0}`)
    .where(sql<boolean>`changed_at + 0 < ${0}`) as Q;
}

/** The values of `filtered`. */
function filterValues(filter: InventoryFilter): Values {
  const { states, profileType = '', eid = '', msisdnDigits = '' } = filter;
  const { changedSince = 0, changedUntil = Number.MAX_SAFE_INTEGER } = filter;
  const list = states === undefined ? '' : `,${states.join(',')},`;
  return [
    ...[list, list],
    ...[profileType, profileType],
    ...[eid, eid],
    ...[msisdnDigits, msisdnDigits],
    ...imsisOf(filter),
    ...iccidsOf(filter),
    ...[changedSince, changedUntil],
  ];
}
