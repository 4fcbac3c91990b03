import { toHex } from '@esim-rsp/codec';
import { sha256 } from '@esim-rsp/sgp22/crypto/digest';
import type { Random } from '@esim-rsp/sgp22/crypto/random';
import type { ServerStore } from './store/port.ts';

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
  readonly random: Random;
  /** Unix milliseconds. */
  readonly now: number;
};

/** Gives an account that is there one more key. */
export async function addApiKey(store: ServerStore, key: NewApiKey): Promise<void> {
  const { userId: account, apiKey, random, now } = key;
  const createdAt = Math.floor(now / 1000);
  await store.addApiKey({ id: toHex(random(8)), account, hash: apiKeyHash(apiKey), createdAt });
}

export type NewAccount = NewApiKey & { readonly name: string };

/** Makes the account if it is not there yet, and gives it this key. */
export async function addAccountWithKey(store: ServerStore, account: NewAccount): Promise<void> {
  const { userId: id, name, now } = account;
  await store.addAccount({ id, name, createdAt: Math.floor(now / 1000) });
  await addApiKey(store, account);
}
