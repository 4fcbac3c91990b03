import { type SelectQueryBuilder, sql } from 'kysely';
import type { InventoryFilter, ListPosition } from '../../ports/inventory.ts';
import type { Tables } from '../../rows/tables.ts';
import type { Builder } from '../queries.ts';
import { iccidsOf, imsisOf } from './bounds.ts';
import { type MetadataText, selectViews } from './views.ts';

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

/**
 * The queries of a way. `page`: all profiles on a stretch; `filtered`: only those that a filter lets through; `rowAfter`: the profile that a
 * number of others come before. Tests ask the engines for their plans.
 */
export function wayQueries(kysely: Builder, metadata: MetadataText, way: Way, direction: Direction) {
  const rows = () => kysely.selectFrom('profile').select([way, 'iccid']);
  return {
    page: () => along(selectViews(kysely, metadata), way, direction).limit(1),
    filtered: () => along(filtered(selectViews(kysely, metadata)), way, direction).limit(1),
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
export function stretchValues({ account, value, low, high }: Stretch): Values {
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
export function filterValues(filter: InventoryFilter): Values {
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
