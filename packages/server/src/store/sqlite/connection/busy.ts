const SQLITE_BUSY = 5;

/** Whether SQLite refused because another connection has the lock. The higher bits of its code say which. */
export function isBusy(error: unknown): boolean {
  const { errcode } = error as { errcode?: number };
  return errcode !== undefined && (errcode & 0xff) === SQLITE_BUSY;
}
