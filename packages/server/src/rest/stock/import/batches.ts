/** Rows that are created together: they share a commit, and the process does nothing else while it reads them. */
const MOST_ROWS = 64;
/** A row waits no longer than this for company. */
const PATIENCE_MS = 50;

/** Gathers rows into batches of a size that is worth a commit. When reading fails, what was read before comes first. */
export async function* batchesOf<T>(groups: AsyncIterable<readonly T[]>): AsyncGenerator<readonly T[]> {
  const source = groups[Symbol.asyncIterator]();
  let gathered: T[] = [];
  try {
    for (;;) {
      const next = source.next();
      if (gathered.length > 0 && !(await comesSoon(next))) {
        yield gathered;
        gathered = [];
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
