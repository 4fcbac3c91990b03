import type { SQLInputValue, StatementSync } from 'node:sqlite';
import type { Columns, Row } from '../../rows/column-types.ts';
import type { Tables } from '../../rows/tables.ts';
import {
  insertRow,
  nextVersion,
  type RowStatement,
  updateRow,
  valuesReader,
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
  return prepareWrite(connection, table, { text: text + unless, names });
}

/** Inserts a row, and returns it with what the database adds to it. */
export function prepareReturningInsert<C extends Columns>(
  connection: Connection,
  table: keyof Tables,
  columns: C,
): (row: Row<C>) => unknown {
  const { text, names } = insertRow(table, columns);
  const statement = connection.db.prepare(`${text} returning *`);
  const valuesFrom = sqliteValues(connection, table, names);
  return (row) => statement.get(...valuesFrom(row));
}

/** Writes over the row that has the same values in the columns `same`, which the statement leaves alone. */
export function prepareUpdate<C extends Columns>(
  connection: Connection,
  table: keyof Tables,
  columns: C,
  same: readonly (keyof C & string)[],
): Write<C> {
  return prepareWrite(connection, table, updateRow(table, columns, same, isSame));
}

/** The same, if the stored version is the one before. */
export function prepareNextVersion<C extends Columns & { readonly version: 'integer' }>(
  connection: Connection,
  table: keyof Tables,
  columns: C,
  same: readonly (keyof C & string)[],
): Write<C> {
  return prepareWrite(connection, table, nextVersion(updateRow(table, columns, same, isSame)));
}

const isSame = (name: string) => `${name} is ?`;

/** Prepares a statement that writes one row. */
export function prepareWrite<C extends Columns>(
  connection: Connection,
  table: string,
  { text, names }: RowStatement,
): Write<C> {
  const statement = connection.db.prepare(text);
  const valuesFrom = sqliteValues(connection, table, names);
  return (row) => changesOne(statement, valuesFrom(row));
}

function changesOne(statement: StatementSync, values: SQLInputValue[]): boolean {
  return Number(statement.run(...values).changes) === 1;
}

function sqliteValues({ sealing }: Connection, table: string, names: readonly string[]) {
  return valuesReader(table, names, (secret) => sealing.seal(secret)) as (row: object) => SQLInputValue[];
}
