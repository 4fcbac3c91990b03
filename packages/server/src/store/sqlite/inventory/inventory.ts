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
import { MOST_EXAMINED } from '../../ports/log-page.ts';
import type { ProfileView } from '../../ports/profile-view.ts';
import { viewColumns } from '../../rows/profile-view.ts';
import { type Connection, prepareLazily } from '../connection/connection.ts';
import { rowsOf } from '../connection/read-rows.ts';
import { boundsOf, upTo } from './bounds.ts';
import { selectViews, viewReader } from './profile-views.ts';
import { type Direction, type Way, type WayReader, wayReader, ways } from './ways.ts';

type TypeRow = Omit<TypeCount, 'profileType'> & { readonly profile_type: string };

const nameOf = (values: unknown) => `profile ${(values as readonly unknown[])[0]}`;

export function sqliteInventory(connection: Connection): InventoryStore {
  const { read, readLong, readable, readableOne } = connection;
  const statements = prepareStatements(connection);
  const readers = wayReaders(connection);
  const viewFrom = viewReader();
  const viewsIn = (rows: readonly unknown[]) => readable(rows, viewFrom, nameOf);
  const list = ({ account, state, count, offset }: ProfileFilter): ProfileList => {
    const where = state === undefined ? [account] : [account, state];
    const counted = state === undefined ? statements.count : statements.countInState;
    const page = state === undefined ? statements.list : statements.listInState;
    const total = (counted.get(...where) as { total: number | null }).total ?? 0;
    const rows = rowsOf(page, ...where, count, offset);
    const profiles = viewsIn(rows);
    const goesOn = profiles.length < rows.length && offset + rows.length < total;
    return { total, profiles, ...(goesOn && { next: { iccid: placedIn(rows.at(-1)).iccid } }) };
  };
  return {
    profileView: (account, iccid) =>
      read(() => readableOne(rowsOf(statements.byIccid, iccid, account), viewFrom, nameOf)),
    listProfiles: (filter) => readLong(() => list(filter)),
    searchProfiles: (filter) =>
      search(filter, (part, examined) => readLong(() => searchPart(readers, part, examined, viewsIn))),
    profileTypes: (account, most) =>
      readLong(() =>
        (statements.types.all(account, most) as TypeRow[]).map(({ profile_type, ...row }) => ({
          profileType: profile_type,
          ...row,
        })),
      ),
  };
}

function prepareStatements({ kysely, prepare, prepareArrays }: Connection) {
  const ofAccount = () => selectViews(kysely).where('account', '=', '');
  const page = () => ofAccount().orderBy('iccid').limit(1).offset(1);
  const counts = () => kysely.selectFrom('profile_count').where('account', '=', '');
  const count = () =>
    counts()
      .select((e) => e.fn.sum<number>('count').as('total'))
      .where('profile_type', '=', sql.lit(''));
  return prepareLazily({
    byIccid: () => prepareArrays(selectViews(kysely).where('iccid', '=', '').where('account', '=', '')),
    list: () => prepareArrays(page()),
    listInState: () => prepareArrays(page().where('state', '=', '')),
    count: () => prepare(count()),
    countInState: () => prepare(count().where('state', '=', 'AVAILABLE')),
    types: () =>
      prepare(
        counts()
          .select(['profile_type', 'state', 'count'])
          .where('profile_type', '>', sql.lit(''))
          .where('count', '>', sql.lit(0))
          .orderBy('profile_type')
          .orderBy('state')
          .limit(1),
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

/** Of the profiles that are examined for one page, how many by one statement, and how many profiles it returns: it takes a few milliseconds, and other work comes between two of them. */
const EXAMINED_AT_ONCE = 1000;
const RETURNED_AT_ONCE = 250;

type Part = Omit<InventoryPage, 'isSearchLimited'>;
type SearchPart = (filter: InventoryFilter, examined: number) => Promise<Part>;

/** Searches part by part until the page is full, the list ends, or enough was examined: then `next` is where to continue. */
async function search(filter: InventoryFilter, searchPart: SearchPart): Promise<InventoryPage> {
  const profiles: ProfileView[] = [];
  let after = filter.after;
  for (let examined = 0; ; ) {
    examined += EXAMINED_AT_ONCE;
    const count = Math.min(filter.count - profiles.length, RETURNED_AT_ONCE);
    const page = await searchPart({ ...filter, ...(after && { after }), count }, EXAMINED_AT_ONCE);
    profiles.push(...page.profiles);
    const isSearchLimited = examined >= MOST_EXAMINED && profiles.length < filter.count;
    if (page.next === undefined) return { profiles, isSearchLimited: false };
    if (isSearchLimited || profiles.length === filter.count) return { ...page, profiles, isSearchLimited };
    after = page.next;
  }
}

function searchPart(
  readers: Readers,
  filter: InventoryFilter,
  most: number,
  viewsIn: (rows: readonly unknown[]) => readonly ProfileView[],
): Part {
  const { account, descending, count } = filter;
  const { way, value, isEnough } = routeOf(filter);
  const reader = readers[way][descending ? 'desc' : 'asc'];
  const [low, high] = boundsOf(filter);
  const whole = { account, value, low, high };
  const stop = isEnough ? undefined : reader.rowAfter(whole, most);
  const edge = stop && placeOf({ ...stop, changedAt: stop.changed_at }, filter);
  const examined =
    edge === undefined ? whole : { ...whole, ...(descending ? { low: edge } : { high: edge }) };
  const rows = isEnough ? reader.page(examined, count + 1) : reader.filtered(filter, examined, count + 1);
  const profiles = viewsIn(rows.slice(0, count));
  const next =
    rows.length > count ? placeOf(placedIn(rows[count - 1]), filter) : edge && upTo(edge, descending);
  return { profiles, ...(next && { next }) };
}

/** The index that a list follows, the one value that it stays at there, and whether it serves the filter by itself. */
type Route = { readonly way: Way; readonly value: string | undefined; readonly isEnough: boolean };

function routeOf(filter: InventoryFilter): Route {
  const { order, states, profileType, eid, imsi, msisdnDigits, imsiPrefix, iccidPrefix } = filter;
  const { changedSince, changedUntil } = filter;
  const [state] = states?.length === 1 ? states : [];
  const numbers = { eid, imsi, msisdnDigits, imsiPrefix, iccidPrefix };
  const conditions = { states, profileType, ...numbers, changedSince, changedUntil };
  const route = (way: Way, served: readonly (keyof typeof conditions)[], value?: string): Route => {
    const isEnough = Object.entries(conditions).every(
      ([name, condition]) => condition === undefined || served.some((one) => one === name),
    );
    return { way, isEnough, value };
  };
  if (order === 'changedAt') return route('changed_at', ['changedSince', 'changedUntil']);
  if (order === 'imsi') return route('imsi', ['imsi', 'imsiPrefix']);
  if (eid !== undefined) return route('eid', ['eid', 'iccidPrefix'], eid);
  if (imsi !== undefined) return route('imsi', ['imsi', 'iccidPrefix'], imsi);
  if (msisdnDigits !== undefined)
    return route('msisdn_digits', ['msisdnDigits', 'iccidPrefix'], msisdnDigits);
  if (state !== undefined) return route('state', ['states', 'iccidPrefix'], state);
  if (profileType !== undefined) return route('profile_type', ['profileType', 'iccidPrefix'], profileType);
  return route('iccid', ['iccidPrefix']);
}

type Placed = { readonly iccid: string; readonly imsi: string; readonly changedAt: number | bigint };

/** Where a row is in the list, whether or not it can be read. */
function placedIn(row: unknown): Placed {
  const values = row as readonly never[];
  const value = (name: (typeof viewColumns)[number]) => values[viewColumns.indexOf(name)] as never;
  return { iccid: value('iccid'), imsi: value('imsi'), changedAt: value('changed_at') };
}

/** The position of a row. A time beyond the whole numbers of this program is left behind; undefined: only such rows follow. */
function placeOf({ changedAt, ...placed }: Placed, filter: InventoryFilter): ListPosition | undefined {
  if (typeof changedAt === 'number') return positionOf({ ...placed, changedAt }, filter);
  if (filter.order !== 'changedAt') return positionOf({ ...placed, changedAt: 0 }, filter);
  const isBehindAll = changedAt > 0n !== filter.descending;
  if (isBehindAll) return undefined;
  return { value: (filter.descending ? 1 : -1) * Number.MAX_SAFE_INTEGER, iccid: '' };
}

function positionOf(
  { iccid, imsi, changedAt }: Placed & { readonly changedAt: number },
  { order }: InventoryFilter,
): ListPosition {
  const value = { iccid: undefined, imsi, changedAt }[order];
  return value === undefined ? { iccid } : { value, iccid };
}
