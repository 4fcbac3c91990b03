import type { Columns } from '../rows/column-types.ts';
import { HashedValue, SecretValue, secretsOf } from '../rows/secrets/secret-columns.ts';
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

/** The values to bind; those of secret columns are SecretValues, and those of hashed ones HashedValues. Throws for a number that would be read as another one, or not at all. */
export function valuesOf(table: string, row: object, names: readonly string[]): unknown[] {
  return valuesReader(table, names)(row);
}

/** The same for many rows. `seal`: what to bind for a secret. */
export function valuesReader(
  table: string,
  names: readonly string[],
  seal: (secret: SecretValue | HashedValue) => unknown = (secret) => secret,
): (row: object) => unknown[] {
  const secrets = names.flatMap((name, i) => {
    const bind = secretsOf(table)?.get(name);
    return bind === undefined ? [] : [[i, bind] as const];
  });
  return (row) => {
    const members = row as Record<string, unknown>;
    const values: unknown[] = [];
    for (const name of names) {
      const value = members[name];
      if (typeof value === 'number' && !Number.isSafeInteger(value)) mustBeWhole(value, `${table}.${name}`);
      values.push(value);
    }
    for (const [i, bind] of secrets) {
      const value = bind(members);
      values[i] = value instanceof SecretValue || value instanceof HashedValue ? seal(value) : value;
    }
    return values;
  };
}

/** The one rule for stored numbers: whole, and exact in JavaScript. */
export function mustBeWhole(value: number, what: string): void {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${what} cannot store ${value}`);
}
