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
  const key = recordOf(newKey);
  await store.addApiKey(key);
  return key;
}

/** The same unless the account has `most` valid keys: then undefined, and nothing was stored. */
export async function addApiKeyUpTo(
  store: Pick<ApiKeyStore, 'addApiKey'>,
  newKey: NewApiKey,
  most: number,
): Promise<ApiKey | undefined> {
  const key = recordOf(newKey);
  const outcome = await store.addApiKey(key, { count: most, now: Math.floor(newKey.now / 1000) });
  return outcome === 'full' ? undefined : key;
}

function recordOf(key: NewApiKey): ApiKey {
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
  store: ApiKeyStore,
  { account, id, overlapSeconds, random, now }: Rotation,
): Promise<{ readonly key: ApiKey; readonly apiKey: string } | 'unknown' | 'full'> {
  const old = (await store.apiKeys(account)).find((key) => key.id === id);
  if (old === undefined) return 'unknown';
  const apiKey = generateApiKey(random);
  const { permissions, name: keyName } = old;
  const newKey = {
    userId: account,
    apiKey,
    random,
    now,
    permissions,
    ...(keyName !== undefined && { keyName }),
  };
  const key = await addApiKeyUpTo(store, newKey, MOST_WITH_ROTATED_KEYS);
  if (key === undefined) return 'full';
  const ends = Math.floor(now / 1000) + overlapSeconds;
  await store.expireApiKey(account, id, Math.min(ends, old.expiresAt ?? ends));
  return { key, apiKey };
}

export type NewAccount = NewApiKey & { readonly name: string };

/** Creates the account if it does not exist, and adds this key. */
export async function addAccountWithKey(
  store: AccountStore & ApiKeyStore,
  account: NewAccount,
): Promise<void> {
  const { userId: id, name, now } = account;
  await store.addAccount({ id, name, createdAt: Math.floor(now / 1000) });
  await addApiKey(store, account);
}
