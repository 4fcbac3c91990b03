import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import type { HashedValue } from '../rows/secrets/secret-columns.ts';

/** What the database has of a value that rows are found by: this, and HMAC-SHA-256 in base64url. MatchingIDs have no `~`. */
export const HASH_MARK = '~hash:';

export function hashOf(lookupKey: KeyObject, { place, value }: HashedValue): string {
  const hash = createHmac('sha256', lookupKey).update(place).update('\0').update(value).digest('base64url');
  return HASH_MARK + hash;
}

export function isHash(stored: string): boolean {
  return stored.startsWith(HASH_MARK);
}

/** The key of the hashes. It follows from a data key, which is wrapped with the master key: a new master key does not change it. */
export function lookupKeyFrom(dataKey: KeyObject): KeyObject {
  return createSecretKey(new Uint8Array(hkdfSync('sha256', dataKey, '', 'esim-rsp lookup key', 32)));
}
