import type { Columns } from '../rows/column-types.ts';
import { placeOfSecret, type SecretTable, SecretValue, secretsOf } from '../rows/secrets/secret-columns.ts';
import type { Tables } from '../rows/tables.ts';

/** A statement with a `?` for each value, and the columns whose values it binds. */
export type RowStatement = { readonly text: string; readonly names: readonly string[] };

export function insertRow(table: keyof Tables, columns: Columns): RowStatement {
  const names = Object.keys(columns);
  const places = names.map(() => '?').join(', ');
  return { text: `insert into ${table} (${names.join(', ')}) values (${places})`, names };
}

/** Writes over the row that has the same values in the columns `same`. `isSame`: how the engine compares one of them. */
export function updateRow(
  table: keyof Tables,
  columns: Columns,
  same: readonly string[],
  isSame: (name: string) => string,
): RowStatement {
  const set = Object.keys(columns).filter((name) => !same.includes(name));
  const assignments = set.map((name) => `${name} = ?`).join(', ');
  const conditions = same.map(isSame).join(' and ');
  return { text: `update ${table} set ${assignments} where ${conditions}`, names: [...set, ...same] };
}

/** The same, if the stored version is the one before. */
export function nextVersion({ text, names }: RowStatement): RowStatement {
  return { text: `${text} and version = ? - 1`, names: [...names, 'version'] };
}

/** The values to bind; those of secret columns are SecretValues. Throws for a number that would be read as another one, or not at all. */
export function valuesOf(table: string, row: object, names: readonly string[]): unknown[] {
  const members = row as Record<string, unknown>;
  const secrets = secretsOf(table);
  return names.map((name) => {
    const value = members[name];
    if (typeof value === 'number') mustBeWhole(value, `${table}.${name}`);
    return secrets?.has(name) ? secretValue(table as SecretTable, name, members) : value;
  });
}

function secretValue(table: SecretTable, name: string, row: Readonly<Record<string, unknown>>): unknown {
  const value = row[name];
  return typeof value === 'string' || value instanceof Uint8Array
    ? new SecretValue(placeOfSecret(table, name, row), value)
    : value;
}

/** The one rule for stored numbers: whole, and exact in JavaScript. */
export function mustBeWhole(value: number, what: string): void {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${what} cannot store ${value}`);
}
