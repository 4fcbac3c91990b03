import { toHex } from '@esim-rsp/codec';
import { sha256 } from '@esim-rsp/sgp22/crypto/digest';
import type { Random } from '@esim-rsp/sgp22/crypto/random';
import type { AccountStore } from '../store/ports/accounts.ts';
import type { ApiKey, ApiKeyStore } from '../store/ports/api-keys.ts';
import { type Permission, scopes } from '../store/ports/permissions.ts';

/** The headers that authenticate a call of the REST API: x-user-id and x-api-key. */
export type Credentials = { readonly userId: string; readonly apiKey: string };

/** SHA-256 of an API key. The store has only this hash. */
export function apiKeyHash(apiKey: string): Uint8Array {
  return sha256(Buffer.from(apiKey));
}

/** An API key of 192 random bits. The prefix `esk_` lets secret scanners find it. */
export function generateApiKey(random: Random): string {
  return `esk_${Buffer.from(random(24)).toString('base64url')}`;
}

export function generateUserId(random: Random): string {
  return `user-${toHex(random(5))}`;
}

export type NewApiKey = Credentials & {
  /** Default: all. */
  readonly permissions?: readonly Permission[];
  /** A name for people. */
  readonly keyName?: string;
  /** Unix seconds; absent: never. */
  readonly expiresAt?: number;
  readonly random: Random;
  /** Unix milliseconds. */
  readonly now: number;
};

/** Stores one more key for an existing account. */
export async function addApiKey(store: Pick<ApiKeyStore, 'addApiKey'>, newKey: NewApiKey): Promise<ApiKey> {
  const key = newKeyRecord(newKey);
  await store.addApiKey(key);
  return key;
}

/** The same unless the account has `most` valid keys: then undefined, and nothing was stored. */
export async function addApiKeyUpTo(
  store: Pick<ApiKeyStore, 'addApiKey'>,
  newKey: NewApiKey,
  most: number,
): Promise<ApiKey | undefined> {
  const key = newKeyRecord(newKey);
  const outcome = await store.addApiKey(key, { count: most, now: Math.floor(newKey.now / 1000) });
  return outcome === 'full' ? undefined : key;
}

/** A key as it is stored. */
export function newKeyRecord(key: NewApiKey): ApiKey {
  const { userId: account, apiKey, random, now, permissions = scopes.admin, keyName: name, expiresAt } = key;
  return {
    id: toHex(random(8)),
    account,
    hash: apiKeyHash(apiKey),
    createdAt: Math.floor(now / 1000),
    permissions,
    ...(name !== undefined && { name }),
    ...(expiresAt !== undefined && { expiresAt }),
  };
}

export type Rotation = {
  readonly account: string;
  readonly id: string;
  /** How long the old key stays valid. */
  readonly overlapSeconds: number;
  readonly random: Random;
  /** Unix milliseconds. */
  readonly now: number;
};

/** Valid keys of an account while some of them are being replaced. */
export const MOST_WITH_ROTATED_KEYS = 200;

/**
 * Creates a key with the permissions and name of an old one. The old one expires after the overlap, or earlier if it was due to.
 * `unknown`: no such key. `full`: the account has too many valid keys, and nothing was changed.
 */
export async function rotateApiKey(
  store: Pick<ApiKeyStore, 'rotateApiKey'>,
  { account, id, overlapSeconds, random, now }: Rotation,
): Promise<{ readonly key: ApiKey; readonly apiKey: string } | 'unknown' | 'full'> {
  const seconds = Math.floor(now / 1000);
  const apiKey = generateApiKey(random);
  const rotation = ({ permissions, name: keyName, expiresAt }: ApiKey) => {
    const named = keyName === undefined ? {} : { keyName };
    const key = newKeyRecord({ userId: account, apiKey, random, now, permissions, ...named });
    const ends = seconds + overlapSeconds;
    return { key, oldExpiresAt: Math.min(ends, expiresAt ?? ends) };
  };
  const limit = { count: MOST_WITH_ROTATED_KEYS, now: seconds };
  const key = await store.rotateApiKey(account, id, rotation, limit);
  return typeof key === 'string' ? key : { key, apiKey };
}

export type NewAccount = NewApiKey & { readonly name: string };

/** Creates the account with this key; if it exists, it gets the key. */
export async function addAccountWithKey(
  store: Pick<AccountStore, 'addAccount'> & Pick<ApiKeyStore, 'addApiKey'>,
  account: NewAccount,
): Promise<void> {
  const { userId: id, name, now } = account;
  const key = newKeyRecord(account);
  const outcome = await store.addAccount({ id, name, createdAt: Math.floor(now / 1000) }, key);
  if (outcome === 'exists') await store.addApiKey(key);
}
