import type { InventoryFilter, InventoryStore, ProfileFilter } from '../ports/inventory.ts';
import {
  countQueries,
  examinedPart,
  type PagePart,
  type PlacedRow,
  pageOf,
  partOf,
  placedIn,
  search,
  type TypeRow,
  typesIn,
  type ViewsIn,
  viewQueries,
} from '../statements/inventory/search.ts';
import { viewReaders } from '../statements/inventory/views.ts';
import {
  type Direction,
  filterValues,
  stretchValues,
  type Way,
  wayQueries,
} from '../statements/inventory/ways.ts';
import type { Connection } from './connection/connection.ts';
import { builder, statement, statementsOf } from './connection/statements.ts';

const METADATA = "encode(metadata, 'hex')";
const views = statementsOf(viewQueries(METADATA), 'arrays');
const counts = statementsOf(countQueries);
const nameOf = (values: unknown) => `profile ${(values as readonly unknown[])[0]}`;

export function postgresInventory(connection: Connection): InventoryStore {
  const { rows, rowsAlone, readEach, readable, readableOne } = connection;
  const viewFrom = viewReaders(connection.opened);
  const viewsIn: ViewsIn = (found, { withoutCodes }) =>
    readable(found, withoutCodes ? viewFrom.withoutCodes : viewFrom.withCodes, nameOf);
  const searchPart = async (filter: InventoryFilter, most: number): Promise<PagePart> => {
    const part = partOf(filter);
    const along = wayStatements(part.way, filter.descending ? 'desc' : 'asc');
    const count = filter.count + 1;
    const { whole } = part;
    if (part.isEnough)
      return pageOf(part, undefined, await rowsAlone(along.page, ...stretchValues(whole), count), viewsIn);
    const [stop] = (await rowsAlone(along.rowAfter, ...stretchValues(whole), 1, most)) as PlacedRow[];
    const { edge, examined } = examinedPart(part, stop);
    const values = [...filterValues(filter), ...stretchValues(examined), count];
    return pageOf(part, edge, await rowsAlone(along.filtered, ...values), viewsIn);
  };
  return {
    profileView: async (account, iccid) =>
      readableOne(await rows(views.byIccid, iccid, account), viewFrom.withCodes, nameOf),
    listProfiles: async (filter: ProfileFilter) => {
      const { account, state, count, offset } = filter;
      const where = state === undefined ? [account] : [account, state];
      const [counted, page] = await readEach([
        { statement: state === undefined ? counts.count : counts.countInState, values: where },
        {
          statement: state === undefined ? views.list : views.listInState,
          values: [...where, count, offset],
        },
      ]);
      const [sum] = (counted?.rows ?? []) as { total: number | null }[];
      const total = sum?.total ?? 0;
      const found = page?.rows ?? [];
      const profiles = viewsIn(found, filter);
      const goesOn = profiles.length < found.length && offset + found.length < total;
      return { total, profiles, ...(goesOn && { next: { iccid: placedIn(found.at(-1)).iccid } }) };
    },
    searchProfiles: (filter) => search(filter, searchPart),
    profileTypes: async ({ account, after = '', most }) =>
      typesIn((await rowsAlone(counts.types, account, after, most)) as TypeRow[], most),
  };
}

const built = new Map<string, ReturnType<typeof buildWay>>();

function wayStatements(way: Way, direction: Direction) {
  const key = `${way} ${direction}`;
  const known = built.get(key) ?? buildWay(way, direction);
  built.set(key, known);
  return known;
}

function buildWay(way: Way, direction: Direction) {
  const queries = wayQueries(builder, METADATA, way, direction);
  return {
    page: statement(queries.page(), 'arrays'),
    filtered: statement(queries.filtered(), 'arrays'),
    rowAfter: statement(queries.rowAfter()),
  };
}
