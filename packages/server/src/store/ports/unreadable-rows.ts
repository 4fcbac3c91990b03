/** A row that this program cannot read: damaged, or written by something else. It is skipped in lists. */
export type UnreadableRow = {
  /** The table and the key, such as `api_key 5d1c9a72f04be138`. */
  readonly row: string;
  readonly reason: string;
};

/** A single record was asked for, and its row cannot be read. The message has nothing of the row but its key. */
export class UnreadableRecordError extends Error {
  override readonly name = 'UnreadableRecordError';
  /** The table and the key, as in UnreadableRow. */
  readonly row: string;
  /** Whose record it is, where the row says so. */
  readonly account: string | undefined;

  constructor(row: string, account?: string) {
    super(`the record ${row} cannot be read`);
    this.row = row;
    this.account = account;
  }
}

/** For `catch` after a read for `account`: an unreadable record of another account is as unknown as one that does not exist. */
export function unknownUnlessOf(account: string): (error: unknown) => undefined {
  return (error) => {
    if (error instanceof UnreadableRecordError && error.account !== undefined && error.account !== account)
      return undefined;
    throw error;
  };
}

export interface UnreadableRowStore {
  /** The unreadable rows that were found since the store was opened, each once, the first 1000. */
  unreadableRows(): readonly UnreadableRow[];
}
