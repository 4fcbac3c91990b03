import type { BegunRequest } from './idempotency.ts';
import type { Permission } from './permissions.ts';

/** An API key as it is stored: its SHA-256, not the key itself. */
export type ApiKey = {
  readonly id: string;
  readonly account: string;
  readonly hash: Uint8Array;
  /** Unix seconds. */
  readonly createdAt: number;
  readonly permissions: readonly Permission[];
  /** The name that people gave it. */
  readonly name?: string;
  /** Unix seconds: the key is not valid from then on. */
  readonly expiresAt?: number;
  /** Unix seconds, up to a minute late. */
  readonly lastUsedAt?: number;
};

/** A key that takes the place of an older one, which ends later. */
export type KeyRotation = {
  readonly key: ApiKey;
  /** Unix seconds: the older key is not valid from then on. */
  readonly oldExpiresAt: number;
};

/** An account has at most `count` keys that are valid at `now` (Unix seconds). */
export type KeyLimit = { readonly count: number; readonly now: number };

export interface ApiKeyStore {
  /** Every key of one account. Of those that have expired, the last thousand are kept. */
  apiKeys(account: string): Promise<readonly ApiKey[]>;
  /** The keys of one account that are valid at `now` (Unix seconds). */
  validApiKeys(account: string, now: number): Promise<readonly ApiKey[]>;
  /** `request`: whose work this is. `full`: with a limit, and the account has reached it; nothing was changed. Counting and adding are one transaction. Keys that expired too long ago are deleted. */
  addApiKey(key: ApiKey, limit?: KeyLimit, request?: BegunRequest): Promise<'added' | 'full'>;
  /**
   * Adds the key that takes the place of the one with this id, and ends that one, both or neither. `rotation` says how, from the older key as it is.
   * `unknown`: no key of the account has this id. `full`: the account has reached the limit. `request`: whose work this is.
   */
  rotateApiKey(
    account: string,
    id: string,
    rotation: (old: ApiKey) => KeyRotation,
    limit: KeyLimit,
    request?: BegunRequest,
  ): Promise<ApiKey | 'unknown' | 'full'>;
  /** Sets when a key expires, in Unix seconds. `unknown`: no key of the account has this id. */
  expireApiKey(account: string, id: string, expiresAt: number): Promise<'expires' | 'unknown'>;
  /** Records when keys were used (Unix seconds); a time before the stored one changes nothing. */
  recordKeyUses(uses: readonly { readonly id: string; readonly at: number }[]): Promise<void>;
}
