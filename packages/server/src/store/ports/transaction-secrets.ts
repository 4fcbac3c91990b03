/** A secret from which the server derives its transactions. All servers of a store share it. */
export type TransactionSecret = {
  /** 1, 2, 3 … in the order in which they are used. */
  readonly number: number;
  readonly secret: Uint8Array;
  /** Unix milliseconds. It is in force from then on, until the next one begins. */
  readonly beginsAt: number;
};

export interface TransactionSecretStore {
  /** The first ones first. */
  transactionSecrets(): Promise<readonly TransactionSecret[]>;
  /** Adds a secret, unless another server has added one with its number, and deletes all but the newest `keep`. */
  addTransactionSecret(secret: TransactionSecret, keep: number): Promise<void>;
}
