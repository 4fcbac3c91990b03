import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { Columns, Row } from '../../rows/column-types.ts';
import type { Tables } from '../../rows/tables.ts';

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
  const [text, names] = insertText(table, columns);
  const statement = db.prepare(text + unless);
  return (row) => changesOne(statement, valuesOf(table, row, names));
}

/** Inserts a row, and returns it with what the database adds to it. */
export function prepareReturningInsert<C extends Columns>(
  db: DatabaseSync,
  table: keyof Tables,
  columns: C,
): (row: Row<C>) => unknown {
  const [text, names] = insertText(table, columns);
  const statement = db.prepare(`${text} returning *`);
  return (row) => statement.get(...valuesOf(table, row, names));
}

/** The statement, and the columns whose values it binds. */
function insertText(table: string, columns: Columns) {
  const names = Object.keys(columns);
  const places = names.map(() => '?').join(', ');
  return [`insert into ${table} (${names.join(', ')}) values (${places})`, names] as const;
}

/** Writes over the row that has the same values in the columns `same`, which the statement leaves alone. */
export function prepareUpdate<C extends Columns>(
  db: DatabaseSync,
  table: keyof Tables,
  columns: C,
  same: readonly (keyof C & string)[],
): Write<C> {
  const [text, names] = updateText(table, columns, same);
  const statement = db.prepare(text);
  return (row) => changesOne(statement, valuesOf(table, row, names));
}

/** The same, if the stored version is the one before. */
export function prepareNextVersion<C extends Columns & { readonly version: 'integer' }>(
  db: DatabaseSync,
  table: keyof Tables,
  columns: C,
  same: readonly (keyof C & string)[],
): Write<C> {
  const [text, names] = updateText(table, columns, same);
  const statement = db.prepare(`${text} and version = ? - 1`);
  return (row) => changesOne(statement, valuesOf(table, row, [...names, 'version']));
}

/** The statement, and the columns whose values it binds. */
function updateText(table: string, columns: Columns, same: readonly string[]) {
  const set = Object.keys(columns).filter((name) => !same.includes(name));
  const assignments = set.map((name) => `${name} = ?`).join(', ');
  const conditions = same.map((name) => `${name} is ?`).join(' and ');
  return [`update ${table} set ${assignments} where ${conditions}`, [...set, ...same]] as const;
}

function changesOne(statement: StatementSync, values: SQLInputValue[]): boolean {
  return Number(statement.run(...values).changes) === 1;
}

/** Throws for a number that would be read as another one, or not at all. */
function valuesOf(table: string, row: object, names: readonly string[]): SQLInputValue[] {
  const members = row as Record<string, SQLInputValue>;
  return names.map((name) => {
    const value = members[name] as SQLInputValue;
    if (typeof value === 'number') mustBeWhole(value, `${table}.${name}`);
    return value;
  });
}

/** The one rule for stored numbers: whole, and exact in JavaScript. */
export function mustBeWhole(value: number, what: string): void {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${what} cannot store ${value}`);
}
