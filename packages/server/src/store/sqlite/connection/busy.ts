const SQLITE_BUSY = 5;
const SQLITE_FULL = 13;

/** Whether there is no room for what was to be written: nothing of it was. */
export function isFull(error: unknown): boolean {
  return (error as { errcode?: number }).errcode === SQLITE_FULL;
}

/** Whether SQLite refused because another connection has the lock. The higher bits of its code say which. */
export function isBusy(error: unknown): boolean {
  const { errcode } = error as { errcode?: number };
  return errcode !== undefined && (errcode & 0xff) === SQLITE_BUSY;
}
