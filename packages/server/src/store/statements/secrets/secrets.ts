import { sql } from 'kysely';
import type { SecretsStatus } from '../../ports/secrets/secret-store.ts';
import {
  type DataKeyRow,
  refusesPlain,
  type SealedTableRow,
  sealedTableColumns,
} from '../../rows/secrets/data-keys.ts';
import type { Replacement } from '../../rows/secrets/replacement.ts';
import {
  hashedColumnsOf,
  lookupColumnsOf,
  type SecretTable,
  sealedColumnOf,
  secretColumnsOf,
  secretTables,
} from '../../rows/secrets/secret-columns.ts';
import type { Builder, Queries } from '../queries.ts';
import { insertRow, type RowStatement } from '../write-row.ts';

export function dataKeyQueries(kysely: Builder) {
  return {
    all: () => kysely.selectFrom('data_key').selectAll().orderBy('id'),
    count: () =>
      kysely
        .updateTable('data_key')
        .set({ sealed: sql<number>`sealed + ${0}` })
        .where('id', '=', 0),
    anyAccount: () => kysely.selectFrom('account').select('id').limit(sql.lit(1)),
    sealedTables: () => kysely.selectFrom('sealed_table').selectAll().orderBy('name'),
  } satisfies Queries;
}

/** Records how far a table is sealed. */
export const putSealedTable: RowStatement = (() => {
  const { text, names } = insertRow('sealed_table', sealedTableColumns);
  const set = 'set data_key = excluded.data_key, last_row = excluded.last_row';
  return { text: `${text} on conflict (name) do update ${set}`, names };
})();

/** The rows of a table that are looked at next. */
export type SealPart = { readonly table: SecretTable; readonly after?: readonly unknown[] };

/** Where to continue; undefined: everything is sealed with that data key. */
export function nextPart(states: readonly SealedTableRow[], dataKey: number): SealPart | undefined {
  for (const table of Object.keys(secretTables) as SecretTable[]) {
    const state = states.find(({ name }) => name === table);
    if (state === undefined || state.data_key < dataKey) return { table };
    if (state.last_row !== null) return { table, after: JSON.parse(state.last_row) };
  }
  return undefined;
}

/** The keys and the secrets of the rows after a key. */
export function partRows({ table, after }: SealPart): string {
  const key = secretTables[table].join(', ');
  const places = secretTables[table].map(() => '?').join(', ');
  const where = after === undefined ? '' : ` where (${key}) > (${places})`;
  const secrets = [...secretColumnsOf(table), ...hashedColumnsOf(table), ...lookupColumnsOf(table)];
  return `select ${[key, ...secrets].join(', ')} from ${table}${where} order by ${key} limit ?`;
}

/** Replaces a value, unless it has changed meanwhile. The values: the new one, those of the key, the old one. */
function replaceSecret(table: SecretTable, column: string): string {
  const isRow = secretTables[table].map((name) => `${name} = ?`).join(' and ');
  return `update ${table} set ${column} = ? where ${isRow} and ${column} = ?`;
}

/**
 * Replaces a value by its hash and its sealed form, unless it has changed meanwhile, or another row has the hash already. The values: the hash, the sealed
 * form, those of the key, the old value, the hash.
 */
function replaceByHash(table: SecretTable, column: string): string {
  const isRow = secretTables[table].map((name) => `${name} = ?`).join(' and ');
  return `update ${table} set ${column} = ?, ${sealedColumnOf(column)} = ? where ${isRow} and ${column} = ?
    and not exists (select 1 from ${table} where ${column} = ?)`;
}

/** Replaces a hash, unless it or its value has changed meanwhile. The values: the new hash, those of the key, the old hash, the value. */
function replaceLookup(table: SecretTable, column: string, of: string): string {
  const isRow = secretTables[table].map((name) => `${name} = ?`).join(' and ');
  const isSame = [column, of].map((name) => `${name} is not distinct from ?`).join(' and ');
  return `update ${table} set ${column} = ? where ${isRow} and ${isSame}`;
}

/** The statement of a replacement in a row, and its values. */
export function replaceIn(
  table: SecretTable,
  row: Readonly<Record<string, unknown>>,
  { column, before, after, copy, of }: Replacement,
): { readonly text: string; readonly values: readonly unknown[] } {
  const key = secretTables[table].map((name) => row[name]);
  if (of !== undefined)
    return { text: replaceLookup(table, column, of.column), values: [after, ...key, before, of.value] };
  return copy === undefined
    ? { text: replaceSecret(table, column), values: [after, ...key, before] }
    : { text: replaceByHash(table, column), values: [after, copy, ...key, before, after] };
}

/** Rows that one write looks at: each may have a package. */
export const SEALED_AT_ONCE = 100;

/** The position behind the rows that one write looked at; null: the table is done. */
export function lastRow(
  table: SecretTable,
  rows: readonly Readonly<Record<string, unknown>>[],
): string | null {
  const last = rows.at(-1);
  if (last === undefined || rows.length < SEALED_AT_ONCE) return null;
  return JSON.stringify(secretTables[table].map((name) => last[name]));
}

export function statusFrom(
  rows: readonly DataKeyRow[],
  states: readonly SealedTableRow[],
  dataKey: number | undefined,
): SecretsStatus {
  const [masterKey] = rows.map((row) => row.master_key);
  const isDone = (table: string) =>
    states.some(
      ({ name, data_key, last_row }) => name === table && data_key === dataKey && last_row === null,
    );
  return {
    ...(masterKey !== undefined && { masterKey }),
    refusesPlain: refusesPlain(rows),
    dataKeys: rows.map(({ id, begins_at, sealed }) => ({ id, beginsAt: begins_at, sealed })),
    unfinished: Object.keys(secretTables).filter((table) => !isDone(table)),
  };
}

/** Whether values that are not sealed can be refused, and are not yet. */
export function isAllSealed({ unfinished, refusesPlain }: SecretsStatus): boolean {
  return unfinished.length === 0 && !refusesPlain;
}
