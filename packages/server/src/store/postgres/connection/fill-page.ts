/**
 * As many records as asked for: behind unreadable rows, which are skipped, it reads further ones. `rowsBehind` reads rows that follow the
 * row with this id.
 */
export async function fillPage<T>(
  count: number,
  start: number,
  rowsBehind: (id: number, count: number) => Promise<readonly unknown[]>,
  recordsIn: (rows: readonly unknown[]) => readonly T[],
): Promise<T[]> {
  const page: T[] = [];
  for (let at = start; page.length < count; ) {
    const missing = count - page.length;
    const rows = await rowsBehind(at, missing);
    page.push(...recordsIn(rows));
    if (rows.length < missing) break;
    at = Number((rows.at(-1) as { readonly id: number }).id);
  }
  return page;
}
