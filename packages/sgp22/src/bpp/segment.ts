import { DerError, formatTag, readOne, type Tlv } from '@esim-rsp/codec';

/** Order of the parts in BF36 (2.5.4); secondSequenceOf87 (A2) may be absent. */
const PARTS = [0xbf23, 0xa0, 0xa1, 0xa2, 0xa3];

/** Parts whose header is sent with their first TLV. The headers of the others are sent alone (5.7.6). */
const HEADER_WITH_FIRST = new Set([0xa0, 0xa2]);

/**
 * Splits a Bound Profile Package into the segments that the LPA sends with ES10b.LoadBoundProfilePackage (2.5.5, 5.7.6).
 * They are views of the bytes. Throws a DerError if a part is missing, unknown or out of order.
 */
export function splitBoundProfilePackage(boundProfilePackage: Uint8Array): Uint8Array[] {
  const outer = readOne(boundProfilePackage);
  if (outer.tag !== 0xbf36) throw new DerError(`tag ${formatTag(outer.tag)} found, expected BF36`);
  const [channel, ...groups] = readParts(outer);
  const cut = (start: number, end: number) => boundProfilePackage.subarray(start, end);
  const segments = [cut(0, channel.end)];
  for (const group of groups) {
    const [first, ...others] = group.children();
    if (first === undefined) throw new DerError(`part ${formatTag(group.tag)} is empty`);
    if (HEADER_WITH_FIRST.has(group.tag)) segments.push(cut(group.start, first.end));
    else segments.push(cut(group.start, first.start), first.bytes);
    for (const other of others) segments.push(other.bytes);
  }
  return segments;
}

function readParts(outer: Tlv): [Tlv, ...Tlv[]] {
  const parts = outer.children();
  const tags = parts.map(({ tag }) => tag);
  const expected = PARTS.filter((tag) => tag !== 0xa2 || tags.includes(tag));
  if (tags.length !== expected.length || tags.some((tag, i) => tag !== expected[i]))
    throw new DerError(
      `the Bound Profile Package has the parts ${tags.map(formatTag).join(', ')}, expected ${expected.map(formatTag).join(', ')}`,
    );
  return parts as [Tlv, ...Tlv[]];
}
