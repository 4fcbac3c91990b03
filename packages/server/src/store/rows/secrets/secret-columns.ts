import { columnsOf, type Tables } from '../tables.ts';

/** The tables with secret columns, and the key of their rows. A test compares them with the database. */
export const secretTables = {
  operator: ['name'],
  profile: ['iccid'],
  profile_content: ['iccid'],
  profile_use: ['iccid', 'eid'],
  template: ['id'],
  transaction_secret: ['number'],
  webhook_endpoint: ['id'],
} as const satisfies { readonly [T in keyof Tables]?: readonly (keyof Tables[T])[] };
export type SecretTable = keyof typeof secretTables;

/** A value of a secret column on its way to the database. An engine seals it when it binds it, and binds no other object. */
export class SecretValue {
  /** Table, column and key of the row: it can be opened there only. */
  readonly place: string;
  readonly value: string | Uint8Array;
  constructor(place: string, value: string | Uint8Array) {
    this.place = place;
    this.value = value;
  }
}

const secretColumns: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.keys(secretTables).map((table) => [table, new Set(secretColumnsOf(table as SecretTable))]),
);

export function secretColumnsOf(table: keyof Tables): readonly string[] {
  return Object.entries(columnsOf[table]).flatMap(([name, kind]) => (kind.startsWith('secret ') ? name : []));
}

/** Marks the secrets among the columns of a table; undefined: it has none. */
export function secretsOf(table: string): ReadonlySet<string> | undefined {
  return secretColumns.get(table);
}

/** The place of a value: sealed values cannot be swapped between tables, columns and rows. */
export function placeOfSecret(
  table: SecretTable,
  column: string,
  row: Readonly<Record<string, unknown>>,
): string {
  return placeText(
    table,
    column,
    secretTables[table].map((name) => row[name]),
  );
}

/** Opens a value that was read at a place. */
export type OpenSecret = <V extends string | Uint8Array>(place: string, value: V) => V;

/** Opens the secrets of rows before `fromRow` reads them. `columns`: the rows are arrays of the values of these columns. */
export type Opened = <R, T>(
  table: SecretTable,
  fromRow: (row: R) => T,
  columns?: readonly string[],
) => (row: R) => T;

export function openedBy(open: OpenSecret): Opened {
  return (table, fromRow, columns) => {
    const placeAt = (name: string) => (columns === undefined ? name : columns.indexOf(name));
    const key = secretTables[table].map(placeAt);
    const secrets = secretColumnsOf(table).filter((name) => columns?.includes(name) ?? true);
    const places = secrets.map((name) => [name, placeAt(name)] as const);
    return (row) => {
      const values = row as Record<string | number, unknown>;
      for (const [name, at] of places) {
        const value = values[at];
        if (typeof value === 'string' || value instanceof Uint8Array)
          values[at] = open(
            placeText(
              table,
              name,
              key.map((part) => values[part]),
            ),
            value,
          );
      }
      return fromRow(row);
    };
  };
}

function placeText(table: string, column: string, key: readonly unknown[]): string {
  return JSON.stringify([table, column, ...key]);
}
