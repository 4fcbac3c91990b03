import type { Columns, Row } from '../../rows/column-types.ts';
import type { Tables } from '../../rows/tables.ts';
import {
  insertRow,
  nextVersion,
  type RowStatement,
  updateRow,
  valuesOf,
} from '../../statements/write-row.ts';
import type { Call, Statement } from './batch.ts';
import { rowStatement, statementOf } from './statements.ts';

/** Makes the call that writes a row. */
export type RowCall<C extends Columns> = (row: Row<C>) => Call;

/** `key`: if a row has this key already, nothing is written. */
export function insertCall<C extends Columns>(table: keyof Tables, columns: C, key?: string): RowCall<C> {
  const unless = key === undefined ? '' : ` on conflict (${key}) do nothing`;
  const { text, names } = insertRow(table, columns);
  return callOf(table, { text: text + unless, names });
}

/** Inserts a row, and returns it with what the database adds to it. */
export function returningInsertCall<C extends Columns>(table: keyof Tables, columns: C): RowCall<C> {
  const { text, names } = insertRow(table, columns);
  return callOf(table, { text: `${text} returning *`, names });
}

/** Inserts a row, or writes over the one that has its key. */
export function putCall<C extends Columns>(
  table: keyof Tables,
  columns: C,
  key: readonly (keyof C & string)[],
): RowCall<C> {
  const { text, names } = insertRow(table, columns);
  const others = names.filter((name) => !key.includes(name));
  const set = others.map((name) => `${name} = excluded.${name}`).join(', ');
  return callOf(table, { text: `${text} on conflict (${key.join(', ')}) do update set ${set}`, names });
}

/** Writes over the row that has the same values in the columns `same`, which the statement leaves alone. */
export function updateCall<C extends Columns>(
  table: keyof Tables,
  columns: C,
  same: readonly (keyof C & string)[],
): RowCall<C> {
  return callOf(table, updateRow(table, columns, same, comparison(columns)));
}

/** Fails as stale unless the stored version is the one before. */
export function nextVersionCall<C extends Columns & { readonly version: 'integer' }>(
  table: keyof Tables,
  columns: C,
  same: readonly (keyof C & string)[],
): RowCall<C> {
  return callOf(table, mustWriteOne(nextVersion(updateRow(table, columns, same, comparison(columns)))));
}

/** No index serves `is not distinct from`: it is for columns that may be NULL. */
function comparison(columns: Columns) {
  return (name: string) => (columns[name]?.endsWith('?') ? `${name} is not distinct from ?` : `${name} = ?`);
}

function callOf<C extends Columns>(table: keyof Tables, row: RowStatement): RowCall<C> {
  const statement = rowStatement(row);
  return (record) => ({ statement, values: valuesOf(table, record, row.names) });
}

/** Fails as stale, and undoes the statements before it, unless it writes exactly one row. */
export function mustWriteOne<T extends { readonly text: string }>(statement: T): T {
  const text = `with written as (${statement.text} returning 1) select require_one(count(*)) from written`;
  return { ...statement, text };
}

/** The same for a statement that is built. */
export function mustChangeOne({ text }: Statement): Statement {
  return statementOf(mustWriteOne({ text }).text);
}

/** Inserts a row; fails as stale if a row has this key already. */
export function insertOneCall<C extends Columns>(table: keyof Tables, columns: C, key: string): RowCall<C> {
  const { text, names } = insertRow(table, columns);
  return callOf(table, mustWriteOne({ text: `${text} on conflict (${key}) do nothing`, names }));
}
