/** A row that this program cannot read: damaged, or written by something else. It is skipped in lists. */
export type UnreadableRow = {
  /** The table and the key, such as `api_key 5d1c9a72f04be138`. */
  readonly row: string;
  readonly reason: string;
};

export interface UnreadableRowStore {
  /** The unreadable rows that were found since the store was opened, each once, the first 1000. */
  unreadableRows(): readonly UnreadableRow[];
}
