import type { InventoryFilter, InventoryStore, ProfileFilter, ProfileList } from '../../ports/inventory.ts';
import {
  countQueries,
  examinedPart,
  type PagePart,
  pageOf,
  partOf,
  placedIn,
  search,
  type TypeRow,
  typesIn,
  type ViewsIn,
  viewQueries,
} from '../../statements/inventory/search.ts';
import { viewReaders } from '../../statements/inventory/views.ts';
import { type Direction, type Way, ways } from '../../statements/inventory/ways.ts';
import type { Connection } from '../connection/connection.ts';
import { firstRowOf, rowsOf } from '../connection/read-rows.ts';
import { type WayReader, wayReader } from './ways.ts';

const nameOf = (values: unknown) => `profile ${(values as readonly unknown[])[0]}`;

export function sqliteInventory(connection: Connection): InventoryStore {
  const { read, readLong, readable, readableOne } = connection;
  const statements = connection.prepareEach(viewQueries('hex(metadata)'), 'arrays');
  const counts = connection.prepareEach(countQueries);
  const readers = wayReaders(connection);
  const viewFrom = viewReaders(connection.opened);
  const viewsIn: ViewsIn = (rows, { withoutCodes }) =>
    readable(rows, withoutCodes ? viewFrom.withoutCodes : viewFrom.withCodes, nameOf);
  const list = (filter: ProfileFilter): ProfileList => {
    const { account, state, count, offset } = filter;
    const where = state === undefined ? [account] : [account, state];
    const counted = state === undefined ? counts.count : counts.countInState;
    const page = state === undefined ? statements.list : statements.listInState;
    const total = (counted.get(...where) as { total: number | null }).total ?? 0;
    const rows = rowsOf(page, ...where, count, offset);
    const profiles = viewsIn(rows, filter);
    const goesOn = profiles.length < rows.length && offset + rows.length < total;
    return { total, profiles, ...(goesOn && { next: { iccid: placedIn(rows.at(-1)).iccid } }) };
  };
  return {
    profileView: (account, iccid) =>
      read(() => readableOne(firstRowOf(statements.byIccid, iccid, account), viewFrom.withCodes, nameOf)),
    listProfiles: (filter) => readLong(() => list(filter)),
    searchProfiles: (filter) =>
      search(filter, (part, examined) => readLong(() => searchPart(readers, part, examined, viewsIn))),
    profileTypes: ({ account, after = '', most }) =>
      readLong(() => typesIn(counts.types.all(account, after, most) as TypeRow[], most)),
  };
}

type Readers = Readonly<Record<Way, Readonly<Record<Direction, WayReader>>>>;

function wayReaders(connection: Connection): Readers {
  const both = (way: Way) => ({
    asc: wayReader(connection, way, 'asc'),
    desc: wayReader(connection, way, 'desc'),
  });
  return Object.fromEntries(ways.map((way) => [way, both(way)])) as unknown as Readers;
}

function searchPart(readers: Readers, filter: InventoryFilter, most: number, viewsIn: ViewsIn): PagePart {
  const part = partOf(filter);
  const reader = readers[part.way][filter.descending ? 'desc' : 'asc'];
  const count = filter.count + 1;
  if (part.isEnough) return pageOf(part, undefined, reader.page(part.whole, count), viewsIn);
  const { edge, examined } = examinedPart(part, reader.rowAfter(part.whole, most));
  return pageOf(part, edge, reader.filtered(filter, examined, count), viewsIn);
}
