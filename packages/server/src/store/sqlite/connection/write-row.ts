import type { SQLInputValue, StatementSync } from 'node:sqlite';
import type { Columns, Row } from '../../rows/column-types.ts';
import { SecretValue } from '../../rows/secrets/secret-columns.ts';
import type { Tables } from '../../rows/tables.ts';
import {
  insertRow,
  nextVersion,
  type RowStatement,
  updateRow,
  valuesOf,
} from '../../statements/write-row.ts';
import type { Connection } from './connection.ts';

/** Writes a row, and returns whether it did. */
export type Write<C extends Columns> = (row: Row<C>) => boolean;

/** `key`: if a row has this key already, nothing is written. */
export function prepareInsert<C extends Columns>(
  connection: Connection,
  table: keyof Tables,
  columns: C,
  key?: string,
): Write<C> {
  const unless = key === undefined ? '' : ` on conflict (${key}) do nothing`;
  const { text, names } = insertRow(table, columns);
  return writer(connection, table, { text: text + unless, names });
}

/** Inserts a row, and returns it with what the database adds to it. */
export function prepareReturningInsert<C extends Columns>(
  connection: Connection,
  table: keyof Tables,
  columns: C,
): (row: Row<C>) => unknown {
  const { text, names } = insertRow(table, columns);
  const statement = connection.db.prepare(`${text} returning *`);
  return (row) => statement.get(...sqliteValues(connection, table, row, names));
}

/** Writes over the row that has the same values in the columns `same`, which the statement leaves alone. */
export function prepareUpdate<C extends Columns>(
  connection: Connection,
  table: keyof Tables,
  columns: C,
  same: readonly (keyof C & string)[],
): Write<C> {
  return writer(connection, table, updateRow(table, columns, same, isSame));
}

/** The same, if the stored version is the one before. */
export function prepareNextVersion<C extends Columns & { readonly version: 'integer' }>(
  connection: Connection,
  table: keyof Tables,
  columns: C,
  same: readonly (keyof C & string)[],
): Write<C> {
  return writer(connection, table, nextVersion(updateRow(table, columns, same, isSame)));
}

const isSame = (name: string) => `${name} is ?`;

function writer<C extends Columns>(
  connection: Connection,
  table: string,
  { text, names }: RowStatement,
): Write<C> {
  const statement = connection.db.prepare(text);
  return (row) => changesOne(statement, sqliteValues(connection, table, row, names));
}

function changesOne(statement: StatementSync, values: SQLInputValue[]): boolean {
  return Number(statement.run(...values).changes) === 1;
}

function sqliteValues(
  { sealing }: Connection,
  table: string,
  row: object,
  names: readonly string[],
): SQLInputValue[] {
  const values = valuesOf(table, row, names);
  for (const [i, value] of values.entries())
    if (value instanceof SecretValue) values[i] = sealing.seal(value);
  return values as SQLInputValue[];
}
