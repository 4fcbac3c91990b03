import { sql } from 'kysely';
import type {
  InventoryFilter,
  InventoryPage,
  InventoryStore,
  ListPosition,
  ProfileFilter,
  ProfileList,
  TypeCount,
} from '../../ports/inventory.ts';
import type { ProfileView } from '../../ports/profile-view.ts';
import { type Connection, prepareLazily } from '../connection/connection.ts';
import { rowsOf } from '../connection/read-rows.ts';
import { boundsOf, upTo } from './bounds.ts';
import { selectViews, viewReader } from './profile-views.ts';
import { type Direction, type Way, type WayReader, wayReader, ways } from './ways.ts';

type TypeRow = Omit<TypeCount, 'profileType'> & { readonly profile_type: string };

export function sqliteInventory(connection: Connection): InventoryStore {
  const { read, readable } = connection;
  const statements = prepareStatements(connection);
  const readers = wayReaders(connection);
  const viewFrom = viewReader();
  const viewsIn = (rows: readonly unknown[]) =>
    readable(rows, viewFrom, (row) => `profile ${(row as readonly unknown[])[0]}`);
  const list = ({ account, state, count, offset }: ProfileFilter): ProfileList => {
    const where = state === undefined ? [account] : [account, state];
    const counted = state === undefined ? statements.count : statements.countInState;
    const page = state === undefined ? statements.list : statements.listInState;
    return {
      total: (counted.get(...where) as { total: number }).total,
      profiles: viewsIn(rowsOf(page, ...where, count, offset)),
    };
  };
  return {
    profileView: (account, iccid) =>
      read(() => {
        const values = statements.byIccid.get(iccid, account);
        return values === undefined ? undefined : viewFrom(values);
      }),
    listProfiles: (filter) => read(() => list(filter)),
    searchProfiles: (filter) => read(() => search(readers, filter, viewsIn)),
    profileTypes: (account) =>
      read(() =>
        (statements.types.all(account) as TypeRow[]).map(({ profile_type, ...row }) => ({
          profileType: profile_type,
          ...row,
        })),
      ),
  };
}

function prepareStatements({ kysely, prepare, prepareArrays }: Connection) {
  const ofAccount = () => selectViews(kysely).where('account', '=', '');
  const page = () => ofAccount().orderBy('iccid').limit(1).offset(1);
  const count = () =>
    kysely.selectFrom('profile').select(sql<number>`count(*)`.as('total')).where('account', '=', '');
  return prepareLazily({
    byIccid: () => prepareArrays(selectViews(kysely).where('iccid', '=', '').where('account', '=', '')),
    list: () => prepareArrays(page()),
    listInState: () => prepareArrays(page().where('state', '=', '')),
    count: () => prepare(count()),
    countInState: () => prepare(count().where('state', '=', '')),
    types: () =>
      prepare(
        kysely
          .selectFrom('profile')
          .select(['profile_type', 'state', sql<number>`count(*)`.as('count')])
          .where('account', '=', '')
          .where('profile_type', 'is not', null)
          .groupBy(['profile_type', 'state'])
          .orderBy('profile_type')
          .orderBy('state'),
      ),
  });
}

type Readers = Readonly<Record<Way, Readonly<Record<Direction, WayReader>>>>;

function wayReaders(connection: Connection): Readers {
  const both = (way: Way) => ({
    asc: wayReader(connection, way, 'asc'),
    desc: wayReader(connection, way, 'desc'),
  });
  return Object.fromEntries(ways.map((way) => [way, both(way)])) as unknown as Readers;
}

/** Profiles that are examined for one page, where a filter has no index of its own. */
const EXAMINED = 10_000;

function search(
  readers: Readers,
  filter: InventoryFilter,
  viewsIn: (rows: readonly unknown[]) => readonly ProfileView[],
): InventoryPage {
  const { account, descending, count } = filter;
  const { way, value, isEnough } = routeOf(filter);
  const reader = readers[way][descending ? 'desc' : 'asc'];
  const [low, high] = boundsOf(filter);
  const whole = { account, value, low, high };
  const stop = isEnough ? undefined : reader.rowAfter(whole, EXAMINED);
  const edge = stop && positionOf({ ...stop, changedAt: stop.changed_at }, filter);
  const examined =
    edge === undefined ? whole : { ...whole, ...(descending ? { low: edge } : { high: edge }) };
  const rows = isEnough ? reader.page(examined, count + 1) : reader.filtered(filter, examined, count + 1);
  const profiles = viewsIn(rows.slice(0, count));
  const last = profiles.at(-1);
  const next =
    rows.length > count && last !== undefined ? positionOf(last, filter) : edge && upTo(edge, descending);
  return { profiles, ...(next && { next }) };
}

/** The index that a list follows, the one value that it stays at there, and whether it serves the filter by itself. */
type Route = { readonly way: Way; readonly value: string | undefined; readonly isEnough: boolean };

function routeOf(filter: InventoryFilter): Route {
  const { order, states, profileType, eid, imsi, imsiPrefix, iccidPrefix, changedSince } = filter;
  const [state] = states?.length === 1 ? states : [];
  const conditions = { states, profileType, eid, imsi, imsiPrefix, iccidPrefix, changedSince };
  const route = (way: Way, served: readonly (keyof typeof conditions)[], value?: string): Route => {
    const isEnough = Object.entries(conditions).every(
      ([name, condition]) => condition === undefined || served.some((one) => one === name),
    );
    return { way, isEnough, value };
  };
  if (order === 'changedAt') return route('changed_at', ['changedSince']);
  if (order === 'imsi') return route('imsi', ['imsi', 'imsiPrefix']);
  if (eid !== undefined) return route('eid', ['eid', 'iccidPrefix'], eid);
  if (imsi !== undefined) return route('imsi', ['imsi', 'iccidPrefix'], imsi);
  if (state !== undefined) return route('state', ['states', 'iccidPrefix'], state);
  if (profileType !== undefined) return route('profile_type', ['profileType', 'iccidPrefix'], profileType);
  return route('iccid', ['iccidPrefix']);
}

type Placed = { readonly iccid: string; readonly imsi: string; readonly changedAt: number };

function positionOf({ iccid, imsi, changedAt }: Placed, { order }: InventoryFilter): ListPosition {
  const value = { iccid: undefined, imsi, changedAt }[order];
  return value === undefined ? { iccid } : { value, iccid };
}
