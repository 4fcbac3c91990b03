import type { PlainRecord } from '../ports/secrets/secret-store.ts';
import type { Replacement } from '../rows/secrets/replacement.ts';
import {
  hashedColumnsOf,
  hashedValue,
  lookupColumnsOf,
  type Marks,
  placeOfSecret,
  type SecretTable,
  SecretValue,
  sealedColumnOf,
  secretColumnsOf,
  secretTables,
} from '../rows/secrets/secret-columns.ts';
import type { Sealing } from './data-keys.ts';
import { HASH_MARK, isHash } from './hashed-value.ts';
import { hashAgain } from './seal-rows.ts';
import { keyIdOf, SEALED_MARKS } from './sealed-value.ts';

type Row = Readonly<Record<string, unknown>>;

export const MARKS: Marks = { ...SEALED_MARKS, hash: HASH_MARK };

/** The record of a row; undefined: all of its secrets are sealed. */
export function plainRecord(table: SecretTable, row: Row): PlainRecord | undefined {
  const columns = [
    ...secretColumnsOf(table).filter((name) => isPlain(row[name])),
    ...[...hashedColumnsOf(table), ...lookupColumnsOf(table)].filter((name) => isPlainText(row[name])),
  ];
  if (columns.length === 0) return undefined;
  const key = secretTables[table].map((name) => row[name] as string | number);
  const { of_account: account } = row;
  return { table, key, columns, ...(typeof account === 'string' && { account }) };
}

/** A secret that is not sealed. */
function isPlain(value: unknown): value is string | Uint8Array {
  return (typeof value === 'string' || value instanceof Uint8Array) && keyIdOf(value) === undefined;
}

/** A value in the place of a hash. */
function isPlainText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && !isHash(value);
}

/** What is to be replaced in a row so that its plain values are sealed as they are, although they would be refused. */
export function sealPlainValues(
  { seal, open }: Pick<Sealing, 'seal' | 'open'>,
  table: SecretTable,
  row: Row,
): readonly Replacement[] {
  const hashed = hashedColumnsOf(table);
  const copies = hashed.map(sealedColumnOf);
  const sealed = (column: string, value: string | Uint8Array) =>
    seal(new SecretValue(placeOfSecret(table, column, row), value));
  const openPlainToo: Sealing['open'] = (place, value) => (isPlain(value) ? value : open(place, value));
  const lookups = hashAgain({ seal, open: openPlainToo }, table, row);
  const secrets = secretColumnsOf(table).flatMap((column): readonly Replacement[] => {
    const before = row[column];
    return isPlain(before) && !copies.includes(column)
      ? [{ column, before, after: sealed(column, before) }]
      : [];
  });
  const found = hashed.flatMap((column): readonly Replacement[] => {
    const [before, copy] = [row[column], row[sealedColumnOf(column)]];
    const value = isPlainText(before) ? before : isPlain(copy) ? copy : undefined;
    if (typeof before !== 'string' || typeof value !== 'string') return [];
    const after = seal(hashedValue(table, column, value));
    return [{ column, before, after, copy: sealed(sealedColumnOf(column), value) }];
  });
  return [...lookups, ...secrets, ...found];
}
