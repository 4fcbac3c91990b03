import { columnsOf, type Tables } from '../tables.ts';

/** The tables with secret columns, and the key of their rows. A test compares them with the database. */
export const secretTables = {
  install_link: ['hash'],
  operation: ['id'],
  core_network: ['account', 'name'],
  operator: ['name'],
  person: ['id'],
  profile: ['iccid'],
  profile_content: ['iccid'],
  profile_use: ['iccid', 'eid'],
  template: ['id'],
  transaction_secret: ['number'],
  upstream: ['account', 'name'],
  webhook_endpoint: ['id'],
} as const satisfies { readonly [T in keyof Tables]?: readonly (keyof Tables[T])[] };
export type SecretTable = keyof typeof secretTables;

/** How a stored value of a secret begins. */
export type Marks = { readonly bytes: Uint8Array; readonly text: string; readonly hash: string };

export const secretTableNames = Object.keys(secretTables) as readonly SecretTable[];

export function isSecretTable(name: string): name is SecretTable {
  return Object.hasOwn(secretTables, name);
}

/** A value of a secret column on its way to the database. An engine seals it when it binds it, and binds no other object. */
export class SecretValue {
  /** Table, column and key of the row: it can be opened there only. */
  readonly place: string;
  readonly value: string | Uint8Array;
  /** What is stored before anything is sealed. */
  readonly plain: string | Uint8Array | null;
  constructor(place: string, value: string | Uint8Array, plain: string | Uint8Array | null = value) {
    this.place = place;
    this.value = value;
    this.plain = plain;
  }
}

/** A value that rows are found by, on its way to the database. An engine binds its keyed hash. */
export class HashedValue {
  /** Table and column: the same value has another hash elsewhere. */
  readonly place: string;
  readonly value: string;
  constructor(place: string, value: string) {
    this.place = place;
    this.value = value;
  }
}

type ColumnKind = (name: string, kind: string) => boolean;
const isSecret: ColumnKind = (_name, kind) => kind.startsWith('secret ');
const isHashed: ColumnKind = (_name, kind) => kind.startsWith('hashed ');
const isLookup: ColumnKind = (_name, kind) => kind.startsWith('lookup ');

function columnsWhere(is: ColumnKind): ReadonlyMap<string, readonly string[]> {
  return new Map(
    Object.entries(columnsOf).map(([table, columns]) => [
      table,
      Object.entries(columns).flatMap(([name, kind]) => (is(name, kind) ? name : [])),
    ]),
  );
}

const secretColumns = columnsWhere(isSecret);
const hashedColumns = columnsWhere(isHashed);
const lookupColumns = columnsWhere(isLookup);

export function secretColumnsOf(table: keyof Tables): readonly string[] {
  return secretColumns.get(table) ?? [];
}

/** The columns that have hashes. */
export function hashedColumnsOf(table: keyof Tables): readonly string[] {
  return hashedColumns.get(table) ?? [];
}

/** The column with the sealed value of a hashed one. */
export function sealedColumnOf(hashed: string): string {
  return `${hashed}_sealed`;
}

/** The columns that have only hashes of secret values. */
export function lookupColumnsOf(table: keyof Tables): readonly string[] {
  return lookupColumns.get(table) ?? [];
}

/** The column with the value of which a lookup column has the hash. */
export function valueColumnOf(lookup: string): string {
  return lookup.slice(0, -'_hash'.length);
}

type Members = Readonly<Record<string, unknown>>;
type Bind = (row: Members) => unknown;

/** How the values of the secret, hashed and lookup columns of a table are bound. */
const bindings: ReadonlyMap<string, ReadonlyMap<string, Bind>> = new Map(
  (Object.keys(secretTables) as SecretTable[]).map((table) => {
    const hashed = hashedColumnsOf(table);
    const secrets = secretColumnsOf(table).map((name): [string, Bind] => {
      const isCopy = hashed.some((one) => sealedColumnOf(one) === name);
      const placeIn = placeReader(table, name);
      return [name, (row) => secretValue(placeIn, name, row, isCopy)];
    });
    const found = [...hashed, ...lookupColumnsOf(table)].map((name): [string, Bind] => [
      name,
      ({ [name]: value }) =>
        typeof value === 'string' && value !== '' ? hashedValue(table, name, value) : value,
    ]);
    return [table, new Map([...secrets, ...found])];
  }),
);

/** What binds the secrets of a table; undefined: it has none. */
export function secretsOf(table: string): ReadonlyMap<string, Bind> | undefined {
  return bindings.get(table);
}

/** `isCopy`: the value is in the hashed column as well, so it is not stored here before it is sealed. */
function secretValue(placeIn: PlaceIn, name: string, row: Members, isCopy: boolean): unknown {
  const value = row[name];
  if (!(typeof value === 'string' || value instanceof Uint8Array)) return value;
  return new SecretValue(placeIn(row), value, isCopy ? null : value);
}

/** A value of a hashed or lookup column. The empty text is none: it is stored as it is. */
export function hashedValue(table: SecretTable, name: string, value: string): HashedValue {
  return new HashedValue(JSON.stringify([table, name]), value);
}

/** The place of a value: sealed values cannot be swapped between tables, columns and rows. */
export function placeOfSecret(table: SecretTable, column: string, row: Members): string {
  return placeReader(table, column)(row);
}

type PlaceIn = (row: Readonly<Record<string | number, unknown>>) => string;

/** Gives the place of a column's value in a row: a list in JSON, with the key of the row. What all rows have in common is made once. */
function placeReader(
  table: SecretTable,
  column: string,
  key: readonly (string | number)[] = secretTables[table],
): PlaceIn {
  const head = JSON.stringify([table, column]).slice(0, -1);
  return (row) => {
    let place = head;
    for (const part of key) place += `,${JSON.stringify(row[part])}`;
    return `${place}]`;
  };
}

/** What opens values that were read at a place. */
export type Openers = {
  readonly open: <V extends string | Uint8Array>(place: string, value: V) => V;
  /** Opens the value of a hashed column, of which the database has a hash, or still the value. */
  readonly openHashed: (place: string, stored: string, sealed: unknown) => string;
};

/** Opens the secrets of rows before `fromRow` reads them. `columns`: the rows are arrays of the values of these columns. */
export type Opened = <R, T>(
  table: SecretTable,
  fromRow: (row: R) => T,
  columns?: readonly string[],
) => (row: R) => T;

export function openedBy({ open, openHashed }: Openers): Opened {
  return (table, fromRow, columns) => {
    const placeAt = (name: string) => (columns === undefined ? name : columns.indexOf(name));
    const isRead = (name: string) => columns?.includes(name) ?? true;
    const key = secretTables[table].map(placeAt);
    const hashed = hashedColumnsOf(table)
      .filter(isRead)
      .map((name) => ({
        name: sealedColumnOf(name),
        at: placeAt(name),
        sealed: placeAt(sealedColumnOf(name)),
        placeIn: placeReader(table, sealedColumnOf(name), key),
      }));
    const secrets = secretColumnsOf(table)
      .filter((name) => isRead(name) && hashed.every((one) => one.name !== name))
      .map((name) => ({ at: placeAt(name), placeIn: placeReader(table, name, key) }));
    return (row) => {
      const values = row as Record<string | number, unknown>;
      for (const { at, placeIn } of secrets) {
        const value = values[at];
        if (typeof value === 'string' || value instanceof Uint8Array)
          values[at] = open(placeIn(values), value);
      }
      for (const { at, sealed, placeIn } of hashed) {
        const stored = values[at];
        if (typeof stored === 'string') values[at] = openHashed(placeIn(values), stored, values[sealed]);
      }
      return fromRow(row);
    };
  };
}
