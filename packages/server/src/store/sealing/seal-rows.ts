import {
  placeOfSecret,
  type SecretTable,
  SecretValue,
  secretColumnsOf,
} from '../rows/secrets/secret-columns.ts';
import type { Sealing } from './data-keys.ts';
import { keyIdOf } from './sealed-value.ts';

type Value = string | Uint8Array;
export type Replacement = { readonly column: string; readonly before: Value; readonly after: Value };

/** What is to be replaced in a row so that its secrets are sealed with the data key in force. A value that cannot be opened stays as it is. */
export function sealAgain(
  { seal, open, current }: Sealing,
  table: SecretTable,
  row: Readonly<Record<string, unknown>>,
): readonly Replacement[] {
  return secretColumnsOf(table).flatMap((column) => {
    const before = row[column];
    if (!(typeof before === 'string' || before instanceof Uint8Array)) return [];
    if (keyIdOf(before) === current()) return [];
    const place = placeOfSecret(table, column, row);
    try {
      return [{ column, before, after: seal(new SecretValue(place, open(place, before))) }];
    } catch {
      return [];
    }
  });
}
