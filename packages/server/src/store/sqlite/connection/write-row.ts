import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { Columns, Row } from '../../rows/column-types.ts';
import type { Tables } from '../../rows/tables.ts';
import {
  insertRow,
  nextVersion,
  type RowStatement,
  updateRow,
  valuesOf,
} from '../../statements/write-row.ts';

/** Writes a row, and returns whether it did. */
export type Write<C extends Columns> = (row: Row<C>) => boolean;

/** `key`: if a row has this key already, nothing is written. */
export function prepareInsert<C extends Columns>(
  db: DatabaseSync,
  table: keyof Tables,
  columns: C,
  key?: string,
): Write<C> {
  const unless = key === undefined ? '' : ` on conflict (${key}) do nothing`;
  const { text, names } = insertRow(table, columns);
  return writer(db, table, { text: text + unless, names });
}

/** Inserts a row, and returns it with what the database adds to it. */
export function prepareReturningInsert<C extends Columns>(
  db: DatabaseSync,
  table: keyof Tables,
  columns: C,
): (row: Row<C>) => unknown {
  const { text, names } = insertRow(table, columns);
  const statement = db.prepare(`${text} returning *`);
  return (row) => statement.get(...sqliteValues(table, row, names));
}

/** Writes over the row that has the same values in the columns `same`, which the statement leaves alone. */
export function prepareUpdate<C extends Columns>(
  db: DatabaseSync,
  table: keyof Tables,
  columns: C,
  same: readonly (keyof C & string)[],
): Write<C> {
  return writer(db, table, updateRow(table, columns, same, isSame));
}

/** The same, if the stored version is the one before. */
export function prepareNextVersion<C extends Columns & { readonly version: 'integer' }>(
  db: DatabaseSync,
  table: keyof Tables,
  columns: C,
  same: readonly (keyof C & string)[],
): Write<C> {
  return writer(db, table, nextVersion(updateRow(table, columns, same, isSame)));
}

const isSame = (name: string) => `${name} is ?`;

function writer<C extends Columns>(db: DatabaseSync, table: string, { text, names }: RowStatement): Write<C> {
  const statement = db.prepare(text);
  return (row) => changesOne(statement, sqliteValues(table, row, names));
}

function changesOne(statement: StatementSync, values: SQLInputValue[]): boolean {
  return Number(statement.run(...values).changes) === 1;
}

function sqliteValues(table: string, row: object, names: readonly string[]): SQLInputValue[] {
  return valuesOf(table, row, names) as SQLInputValue[];
}
