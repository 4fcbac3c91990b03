import type { InventoryFilter } from '../../ports/inventory.ts';
import type { PlacedRow } from '../../statements/inventory/search.ts';
import {
  type Direction,
  filterValues,
  type Stretch,
  stretchValues,
  type Way,
  wayQueries,
} from '../../statements/inventory/ways.ts';
import { type Connection, prepareLazily } from '../connection/connection.ts';
import { rowsOf } from '../connection/read-rows.ts';

/** Reads along a way: rows are the values of `viewColumns`. */
export type WayReader = {
  /** All profiles on the stretch, `count` at most. */
  page(stretch: Stretch, count: number): unknown[];
  /** Only those that the filter lets through. */
  filtered(filter: InventoryFilter, stretch: Stretch, count: number): unknown[];
  /** The profile that `count` others come before; undefined: there are no more than that. */
  rowAfter(stretch: Stretch, count: number): PlacedRow | undefined;
};

export function wayReader(connection: Connection, way: Way, direction: Direction): WayReader {
  const { kysely, prepare, prepareArrays } = connection;
  const queries = wayQueries(kysely, 'hex(metadata)', way, direction);
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
      rowsOf(statements.rowAfter, ...stretchValues(stretch), 1, count)[0] as PlacedRow | undefined,
  };
}
