import type { InventoryFilter, InventoryPage, InventoryStore, Place, TypeCount } from '../ports/inventory.ts';
import type { ProfileRow } from '../rows/columns.ts';
import { shownFromValues } from '../rows/inventory.ts';
import type { GroupCommit } from './group-commit.ts';
import { boundsOf, iccidsOf, imsisOf, upTo } from './inventory-bounds.ts';
import type { Way } from './inventory-statements.ts';
import type { Statements } from './statements.ts';

/** Profiles that are looked at for one page, where a filter has no index of its own. */
const LOOKED_AT = 10_000;

type Values = readonly (string | number)[];
/** Which index a list goes along, the one value that it stays at there, and whether it serves the filter by itself. */
type Route = { readonly way: Way; readonly value?: string; readonly isEnough: boolean };

type TypeRow = Omit<TypeCount, 'profileType'> & { readonly profile_type: string };

export function sqliteInventory(statements: Statements, { read }: GroupCommit): InventoryStore {
  return {
    inventory: (filter) => read(() => page(statements, filter)),
    profileTypes: (account) =>
      read(() =>
        (statements.profileTypes.all(account) as TypeRow[]).map(({ profile_type, ...row }) => ({
          profileType: profile_type,
          ...row,
        })),
      ),
  };
}

function page({ inventory }: Statements, filter: InventoryFilter): InventoryPage {
  const { account, descending, count } = filter;
  const { way, value, isEnough } = routeOf(filter);
  const { page, filtered, end } = inventory[way][descending ? 'down' : 'up'];
  const [low, high] = boundsOf(filter);
  const between = (from: Place, to: Place): Values => [
    account,
    ...boundOf(from, value),
    ...boundOf(to, value),
  ];
  const stop = isEnough
    ? undefined
    : (end.get(...between(low, high), 1, LOOKED_AT) as ProfileRow | undefined);
  const edge = stop && placeOf({ ...stop, changedAt: stop.changed_at }, filter);
  const looked =
    edge === undefined ? between(low, high) : descending ? between(edge, high) : between(low, edge);
  const rows = isEnough
    ? page.all(...looked, count + 1)
    : filtered.all(...filterValues(filter), ...looked, count + 1);
  const profiles = rows.slice(0, count).map(shownFromValues);
  const last = profiles.at(-1);
  const next =
    rows.length > count && last !== undefined ? placeOf(last, filter) : edge && upTo(edge, descending);
  return { profiles, ...(next && { next }) };
}

function routeOf(filter: InventoryFilter): Route {
  const { order, states, profileType, eid, imsi, imsiPrefix, iccidPrefix, changedSince } = filter;
  const [state] = states?.length === 1 ? states : [];
  const unserved = { states, profileType, eid, imsi, imsiPrefix, iccidPrefix, changedSince };
  const route = (way: Way, served: readonly (keyof typeof unserved)[], value?: string): Route => {
    const isEnough = Object.entries(unserved).every(
      ([name, wish]) => wish === undefined || served.some((one) => one === name),
    );
    return { way, isEnough, ...(value !== undefined && { value }) };
  };
  if (order === 'changedAt') return route('changed_at', ['changedSince']);
  if (order === 'imsi') return route('imsi', ['imsi', 'imsiPrefix']);
  if (eid !== undefined) return route('eid', ['eid', 'iccidPrefix'], eid);
  if (imsi !== undefined) return route('imsi', ['imsi', 'iccidPrefix'], imsi);
  if (state !== undefined) return route('state', ['states', 'iccidPrefix'], state);
  if (profileType !== undefined) return route('profile_type', ['profileType', 'iccidPrefix'], profileType);
  return route('iccid', ['iccidPrefix']);
}

function boundOf({ value, iccid }: Place, fixed: string | undefined): Values {
  const first = fixed ?? value;
  return first === undefined ? [iccid] : [first, iccid];
}

type Placed = { readonly iccid: string; readonly imsi: string; readonly changedAt: number };

function placeOf({ iccid, imsi, changedAt }: Placed, { order }: InventoryFilter): Place {
  const value = { iccid: undefined, imsi, changedAt }[order];
  return value === undefined ? { iccid } : { value, iccid };
}

function filterValues(filter: InventoryFilter): Values {
  const { states, profileType = '', eid = '', changedSince = 0 } = filter;
  const named = states === undefined ? '' : `,${states.join(',')},`;
  return [
    named,
    named,
    profileType,
    profileType,
    eid,
    eid,
    ...imsisOf(filter),
    ...iccidsOf(filter),
    changedSince,
  ];
}
