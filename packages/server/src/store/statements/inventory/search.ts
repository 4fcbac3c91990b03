import { sql } from 'kysely';
import type {
  CodesFilter,
  InventoryFilter,
  InventoryPage,
  ListPosition,
  TypeCount,
  TypePage,
} from '../../ports/inventory.ts';
import { MOST_EXAMINED } from '../../ports/log-page.ts';
import type { ProfileView } from '../../ports/profile-view.ts';
import { viewColumns } from '../../rows/profile-view.ts';
import type { ProfileRow } from '../../rows/profiles.ts';
import type { Builder, Queries } from '../queries.ts';
import { boundsOf, upTo } from './bounds.ts';
import type { MetadataText } from './views.ts';
import { selectViews } from './views.ts';
import type { Stretch, Way } from './ways.ts';

/** What places a row in a list. */
export type PlacedRow = Pick<ProfileRow, 'iccid' | 'imsi'> & { readonly changed_at: number | bigint };

export type TypeRow = Omit<TypeCount, 'profileType'> & { readonly profile_type: string };

/** Views, as arrays of values. */
export function viewQueries(metadata: MetadataText) {
  return (kysely: Builder) => {
    const views = () => selectViews(kysely, metadata);
    const page = () => views().where('account', '=', '').orderBy('iccid').limit(1).offset(1);
    return {
      byIccid: () => views().where('iccid', '=', '').where('account', '=', ''),
      list: () => page(),
      listInState: () => page().where('state', '=', ''),
    } satisfies Queries;
  };
}

/** Counts of profiles. An engine may have several rows of one kind: their sum counts. */
export function countQueries(kysely: Builder) {
  const counts = () => kysely.selectFrom('profile_count').where('account', '=', '');
  const sum = sql<number>`sum(count)`;
  const count = () => counts().select(sum.as('total')).where('profile_type', '=', sql.lit(''));
  return {
    count: () => count(),
    countInState: () => count().where('state', '=', 'AVAILABLE'),
    types: () =>
      counts()
        .select(['profile_type', 'state', sum.as('count')])
        .where('profile_type', '>', '')
        .groupBy(['profile_type', 'state'])
        .orderBy('profile_type')
        .orderBy('state')
        .limit(1),
  } satisfies Queries;
}

/** The counts in rows. If there may be more rows, the last type is left for the next page, because it may have more states. */
export function typesIn(rows: readonly TypeRow[], most: number): TypePage {
  const cut = rows.length < most ? undefined : rows.at(-1)?.profile_type;
  const whole = rows.filter(({ profile_type }) => profile_type !== cut);
  const next = cut === undefined ? undefined : whole.at(-1)?.profile_type;
  const counts = whole
    .filter(({ count }) => count > 0) // there were profiles
    .map(({ profile_type, ...row }) => ({ profileType: profile_type, ...row }));
  return { counts, ...(next !== undefined && { next }) };
}

/** Of the profiles that are examined for one page, how many by one statement, and how many profiles it returns: it takes a few milliseconds, and other work comes between two of them. */
const EXAMINED_AT_ONCE = 1000;
const RETURNED_AT_ONCE = 250;

/** What one statement finds. */
export type PagePart = Omit<InventoryPage, 'isSearchLimited'>;
type SearchPart = (filter: InventoryFilter, examined: number) => Promise<PagePart>;

/** Searches part by part until the page is full, the list ends, or enough was examined: then `next` is where to continue. */
export async function search(filter: InventoryFilter, searchPart: SearchPart): Promise<InventoryPage> {
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

/** The views of rows, but of those that cannot be read. */
export type ViewsIn = (rows: readonly unknown[], filter: CodesFilter) => readonly ProfileView[];

/** What one statement searches. */
export type Part = Route & { readonly filter: InventoryFilter; readonly whole: Stretch };

export function partOf(filter: InventoryFilter): Part {
  const route = routeOf(filter);
  const [low, high] = boundsOf(filter);
  return { ...route, filter, whole: { account: filter.account, value: route.value, low, high } };
}

/** The part up to the row that ends it. `edge`: where that is; undefined: the part has everything that is left. */
export function examinedPart({ filter, whole }: Part, stop: PlacedRow | undefined) {
  const edge = stop && placeOf({ ...stop, changedAt: stop.changed_at }, filter);
  const bound = filter.descending ? { low: edge } : { high: edge };
  return { edge, examined: edge === undefined ? whole : ({ ...whole, ...bound } as Stretch) };
}

/** The page that these rows give: `count` of them, and one more if it continues. */
export function pageOf(
  { filter }: Part,
  edge: ListPosition | undefined,
  rows: readonly unknown[],
  viewsIn: ViewsIn,
): PagePart {
  const { count, descending } = filter;
  const profiles = viewsIn(rows.slice(0, count), filter);
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
export function placedIn(row: unknown): Placed {
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
