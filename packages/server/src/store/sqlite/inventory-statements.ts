import type { StatementSync } from 'node:sqlite';
import { type Compilable, type Kysely, type SelectQueryBuilder, sql } from 'kysely';
import type { Tables } from '../rows/columns.ts';
import { shownColumns } from '../rows/inventory.ts';

/** The columns that have an index of their own, behind the account and before the ICCID. */
const indexed = ['state', 'profile_type', 'eid', 'imsi', 'changed_at'] as const;
/** A way through the profiles of an account: along one of these indexes, or by ICCID alone. */
export type Way = (typeof indexed)[number] | 'iccid';
export const ways: readonly Way[] = ['iccid', ...indexed];

/** The indexes of these leave out rows that have no value. */
const sparse: readonly Way[] = ['profile_type', 'eid'];

/** A page of all that lies there, one of what the filters let through, and where that ends after so many profiles. */
export type WayStatements = Readonly<Record<'page' | 'filtered' | 'end', StatementSync>>;
type Prepare = Readonly<Record<'prepare' | 'prepareArrays', (query: Compilable) => StatementSync>>;
type Rows = SelectQueryBuilder<Tables, 'profile', object>;

/** Profiles as lists read them. */
export function shownProfiles(kysely: Kysely<Tables>) {
  const metadata = sql<string>`hex(metadata)`.as('metadata');
  const columns = shownColumns.map((name) => (name === 'metadata' ? metadata : name));
  return kysely.selectFrom('profile').select(columns);
}

/** For each way, the statements that go up and down. */
export function inventoryStatements(kysely: Kysely<Tables>, { prepare, prepareArrays }: Prepare) {
  const profiles = kysely.selectFrom('profile');
  const pair = (way: Way, direction: 'asc' | 'desc'): WayStatements => ({
    page: prepareArrays(along(shownProfiles(kysely), way, direction).limit(1)),
    filtered: prepareArrays(along(filtered(shownProfiles(kysely)), way, direction).limit(1)),
    end: prepare(
      along(profiles.select([way, 'iccid']), way, direction)
        .limit(1)
        .offset(1),
    ),
  });
  const both = (way: Way) => ({ up: pair(way, 'asc'), down: pair(way, 'desc') });
  const types = profiles
    .select(['profile_type', 'state', sql<number>`count(*)`.as('count')])
    .where('account', '=', '')
    .where('profile_type', 'is not', null)
    .groupBy(['profile_type', 'state'])
    .orderBy('profile_type')
    .orderBy('state');
  return {
    profileTypes: prepare(types),
    inventory: Object.fromEntries(ways.map((way) => [way, both(way)])) as Record<
      Way,
      ReturnType<typeof both>
    >,
  };
}

/** Bound: the account, then the place after which and the place before which. */
function along<Q extends Rows>(query: Q, way: Way, direction: 'asc' | 'desc'): Q {
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

/** What no index serves: written so that none is tried. Bound before the account. */
function filtered<Q extends Rows>(query: Q): Q {
  return query
    .where(sql<boolean>`(${''} = '' or ${''} like '%,' || state || ',%')`)
    .where(sql<boolean>`(${''} = '' or profile_type || '' = ${''})`)
    .where(sql<boolean>`(${''} = '' or eid || '' = ${''})`)
    .where(sql<boolean>`imsi || '' >= ${''}`)
    .where(sql<boolean>`imsi || '' <= ${''}`)
    .where(sql<boolean>`iccid || '' >= ${''}`)
    .where(sql<boolean>`iccid || '' <= ${''}`)
    .where(sql<boolean>`changed_at + 0 >= ${0}`) as Q;
}
