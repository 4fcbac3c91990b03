/** Rows that one write changes, where there can be any number. */
export const ROWS_AT_ONCE = 500;

/** Changes rows a few at a time, so that other work comes between; `change` changes at most `ROWS_AT_ONCE`, and resolves to how many it did. */
export async function inSlices(change: () => Promise<number>): Promise<void> {
  while ((await change()) === ROWS_AT_ONCE);
}
