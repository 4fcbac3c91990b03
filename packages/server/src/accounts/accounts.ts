import { toHex } from '@esim-rsp/codec';
import { sha256 } from '@esim-rsp/sgp22/crypto/digest';
import type { Random } from '@esim-rsp/sgp22/crypto/random';
import type { Scope } from '../store/ports/scopes.ts';
import type { ApiKey, ServerStore } from '../store/store.ts';

/** What a caller of the REST API shows: x-user-id and x-api-key. */
export type Credentials = { readonly userId: string; readonly apiKey: string };

/** What is kept of an API key. */
export function apiKeyHash(apiKey: string): Uint8Array {
  return sha256(Buffer.from(apiKey));
}

/** A key of 192 random bits; its beginning lets people and scanners see what it is. */
export function drawApiKey(random: Random): string {
  return `esk_${Buffer.from(random(24)).toString('base64url')}`;
}

export function drawUserId(random: Random): string {
  return `user-${toHex(random(5))}`;
}

export type NewApiKey = Credentials & {
  /** Everything unless given. */
  readonly scope?: Scope;
  /** What people call it. */
  readonly keyName?: string;
  /** Unix seconds; absent: never. */
  readonly expiresAt?: number;
  readonly random: Random;
  /** Unix milliseconds. */
  readonly now: number;
};

/** Gives an account that is there one more key. */
export async function addApiKey(store: ServerStore, key: NewApiKey): Promise<ApiKey> {
  const { userId: account, apiKey, random, now, scope = 'admin', keyName: name, expiresAt } = key;
  const added: ApiKey = {
    id: toHex(random(8)),
    account,
    hash: apiKeyHash(apiKey),
    createdAt: Math.floor(now / 1000),
    scope,
    ...(name !== undefined && { name }),
    ...(expiresAt !== undefined && { expiresAt }),
  };
  await store.addApiKey(added);
  return added;
}

export type Rotation = {
  readonly account: string;
  readonly id: string;
  /** How long the old key works beside the new one. */
  readonly overlapSeconds: number;
  readonly random: Random;
  /** Unix milliseconds. */
  readonly now: number;
};

/** A new key in the place of an old one, which ends after the overlap, or when it ended anyway. Undefined: no such key. */
export async function rotateApiKey(
  store: ServerStore,
  { account, id, overlapSeconds, random, now }: Rotation,
): Promise<{ readonly key: ApiKey; readonly apiKey: string } | undefined> {
  const old = (await store.apiKeys(account)).find((key) => key.id === id);
  if (old === undefined) return undefined;
  const apiKey = drawApiKey(random);
  const { scope, name: keyName } = old;
  const wish = { userId: account, apiKey, random, now, scope, ...(keyName !== undefined && { keyName }) };
  const key = await addApiKey(store, wish);
  const ends = Math.floor(now / 1000) + overlapSeconds;
  await store.expireApiKey(account, id, Math.min(ends, old.expiresAt ?? ends));
  return { key, apiKey };
}

export type NewAccount = NewApiKey & { readonly name: string };

/** Makes the account if it is not there yet, and gives it this key. */
export async function addAccountWithKey(store: ServerStore, account: NewAccount): Promise<void> {
  const { userId: id, name, now } = account;
  await store.addAccount({ id, name, createdAt: Math.floor(now / 1000) });
  await addApiKey(store, account);
}
