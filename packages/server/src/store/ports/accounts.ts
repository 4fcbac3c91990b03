import type { ApiKey } from './api-keys.ts';
import type { BegunRequest } from './idempotency.ts';

/** Who owns profiles and calls the REST API. */
export type Account = {
  /** Sent as x-user-id. */
  readonly id: string;
  readonly name: string;
  /** Unix seconds. */
  readonly createdAt: number;
};

export interface AccountStore {
  /** All accounts, the oldest first. */
  accounts(): Promise<readonly Account[]>;
  /** Adds an account, with its first key if there is one. `exists`: an account already has this id; nothing was changed. `request`: whose work this is. */
  addAccount(account: Account, key?: ApiKey, request?: BegunRequest): Promise<'added' | 'exists'>;
}
