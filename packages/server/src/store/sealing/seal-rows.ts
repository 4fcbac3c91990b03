import type { Replacement } from '../rows/secrets/replacement.ts';
import {
  hashedColumnsOf,
  hashedValue,
  lookupColumnsOf,
  placeOfSecret,
  type SecretTable,
  SecretValue,
  sealedColumnOf,
  secretColumnsOf,
  valueColumnOf,
} from '../rows/secrets/secret-columns.ts';
import type { Sealing } from './data-keys.ts';
import { isHash } from './hashed-value.ts';
import { keyIdOf } from './sealed-value.ts';

type Row = Readonly<Record<string, unknown>>;

/**
 * What is to be replaced in a row so that its secrets are sealed with the data key in force, and rows are found by them. A value that cannot be opened
 * stays as it is.
 */
export function sealAgain(sealing: Sealing, table: SecretTable, row: Row): readonly Replacement[] {
  return [
    ...hashAgain(sealing, table, row),
    ...secretColumnsOf(table).flatMap((column) => sealedSecret(sealing, table, column, row)),
    ...hashedColumnsOf(table).flatMap((column) => hashedSecret(sealing, table, column, row)),
  ];
}

function sealedSecret(
  { seal, open, current }: Sealing,
  table: SecretTable,
  column: string,
  row: Row,
): readonly Replacement[] {
  const before = row[column];
  if (!(typeof before === 'string' || before instanceof Uint8Array)) return [];
  if (keyIdOf(before) === current()) return [];
  const place = placeOfSecret(table, column, row);
  try {
    return [{ column, before, after: seal(new SecretValue(place, open(place, before))) }];
  } catch {
    return [];
  }
}

function hashedSecret(
  { seal, openHashed }: Sealing,
  table: SecretTable,
  column: string,
  row: Row,
): readonly Replacement[] {
  const before = row[column];
  if (typeof before !== 'string' || before === '' || isHash(before)) return [];
  const place = placeOfSecret(table, sealedColumnOf(column), row);
  try {
    const value = openHashed(place, before, null);
    const after = seal(hashedValue(table, column, value));
    return [{ column, before, after, copy: seal(new SecretValue(place, value)) }];
  } catch {
    return [];
  }
}

/** What is to be replaced in the lookup columns of a row, which have the hashes of the values that the row has. It comes before these are sealed again. */
export function hashAgain(
  { seal, open }: Pick<Sealing, 'seal' | 'open'>,
  table: SecretTable,
  row: Row,
): readonly Replacement[] {
  return lookupColumnsOf(table).flatMap((column): readonly Replacement[] => {
    const of = { column: valueColumnOf(column), value: textIn(row[valueColumnOf(column)]) };
    const before = textIn(row[column]);
    try {
      const value = of.value && open(placeOfSecret(table, of.column, row), of.value);
      const after = value && seal(hashedValue(table, column, value));
      return after === before ? [] : [{ column, before, after, of }];
    } catch {
      return [];
    }
  });
}

function textIn(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
