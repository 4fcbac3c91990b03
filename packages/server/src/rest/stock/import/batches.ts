/** Rows that are created together: they share a commit, and the process does nothing else while it reads them. */
const MOST_ROWS = 64;
/** Bytes of a batch, as they came and unpacked: large rows are kept in memory only a few at a time. */
const MOST_BYTES = 1_000_000;
/** A row waits no longer than this for company. */
const PATIENCE_MS = 50;

/**
 * Gathers rows into batches of a size that is worth a commit. When reading fails, what was read before comes first. `bytesRead`: how much
 * was read so far. `unpackedBytes`: of a row that came packed.
 */
export async function* batchesOf<T>(
  groups: AsyncIterable<readonly T[]>,
  bytesRead: () => number,
  unpackedBytes: (row: T) => number = () => 0,
): AsyncGenerator<readonly T[]> {
  const source = groups[Symbol.asyncIterator]();
  let gathered: T[] = [];
  let bytesBefore = 0;
  try {
    for (;;) {
      const next = source.next();
      const unpacked = gathered.reduce((sum, row) => sum + unpackedBytes(row), 0);
      const isLarge = bytesRead() - bytesBefore > MOST_BYTES || unpacked > MOST_BYTES;
      if (gathered.length > 0 && (isLarge || !(await comesSoon(next)))) {
        yield gathered;
        gathered = [];
        bytesBefore = bytesRead();
      }
      const { done, value } = await next;
      if (done) break;
      gathered.push(...value);
      for (; gathered.length >= MOST_ROWS; gathered = gathered.slice(MOST_ROWS))
        yield gathered.slice(0, MOST_ROWS);
    }
    if (gathered.length > 0) yield gathered;
  } finally {
    void source.return?.(); // not awaited: it may be waiting for a slow caller
  }
}

/** Whether it comes, and is no failure. */
function comesSoon(next: Promise<unknown>): Promise<boolean> {
  return new Promise((resolve) => {
    const late = setTimeout(resolve, PATIENCE_MS, false);
    const known = (soon: boolean) => {
      clearTimeout(late);
      resolve(soon);
    };
    next.then(
      () => known(true),
      () => known(false),
    );
  });
}
