import type { CopyEnd, Key, RowDigest, Table } from './copy-end.ts';

/** What has to happen to a row of the target. */
export type Difference = {
  readonly key: Key;
  readonly is: 'same' | 'missing' | 'changed' | 'obsolete';
};

/** A table that is equal at both ends. */
export type VerifiedTable = {
  readonly table: string;
  readonly rows: number;
  /** SHA-256 over the digests of the rows, in the order of their keys. */
  readonly sha256: string;
};

/** Rows that are compared at a time. */
export const SLICE = 1000;

/** All rows of a table, in the order of their keys. The next slice is read while the caller works on this one. */
export async function* digestsOf(end: CopyEnd, table: Table): AsyncGenerator<RowDigest> {
  let next = end.digests(table, undefined, SLICE);
  for (;;) {
    const slice = await next;
    const last = slice.at(-1);
    if (last !== undefined && slice.length === SLICE) {
      next = end.digests(table, last.key, SLICE);
      next.catch(() => undefined); // it is reported when its turn comes
    }
    yield* slice;
    if (slice.length < SLICE) return;
  }
}

/** Compares two tables row by row. */
export async function* differences(
  source: AsyncIterable<RowDigest>,
  target: AsyncIterable<RowDigest>,
): AsyncGenerator<Difference> {
  const [ours, theirs] = [source[Symbol.asyncIterator](), target[Symbol.asyncIterator]()];
  let [a, b] = await Promise.all([ours.next(), theirs.next()]);
  while (!a.done || !b.done) {
    const order = orderOf(a, b);
    if (order < 0) {
      yield { key: (a.value as RowDigest).key, is: 'missing' };
      a = await ours.next();
    } else if (order > 0) {
      yield { key: (b.value as RowDigest).key, is: 'obsolete' };
      b = await theirs.next();
    } else {
      const [one, other] = [a.value as RowDigest, b.value as RowDigest];
      yield { key: one.key, is: one.digest === other.digest ? 'same' : 'changed' };
      a = await ours.next();
      b = await theirs.next();
    }
  }
}

function orderOf(a: IteratorResult<RowDigest>, b: IteratorResult<RowDigest>): number {
  if (a.done) return 1;
  if (b.done) return -1;
  return compareKeys(a.value.key, b.value.key);
}

/** Texts by their octets, as both engines sort them. */
export function compareKeys(a: Key, b: Key): number {
  for (const [i, one] of a.entries()) {
    const order = compareCells(one, b[i] as Key[number]);
    if (order !== 0) return order;
  }
  return 0;
}

function compareCells(one: Key[number], other: Key[number]): number {
  if (one === other) return 0;
  if (typeof one === 'bigint') return one < (other as bigint) ? -1 : 1;
  return Buffer.compare(octetsOf(one), octetsOf(other as string | Uint8Array));
}

function octetsOf(cell: string | Uint8Array): Uint8Array {
  return typeof cell === 'string' ? Buffer.from(cell) : cell;
}

/** Adds the digests of rows to the checksum of their table. */
export async function* hashed(
  rows: AsyncIterable<RowDigest>,
  sum: { update(text: string): unknown },
): AsyncGenerator<RowDigest> {
  for await (const row of rows) {
    sum.update(row.digest);
    yield row;
  }
}
