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
  /** `exists`: an account already has this id; nothing was changed. `request`: whose work this is. */
  addAccount(account: Account, request?: BegunRequest): Promise<'added' | 'exists'>;
}
