import { DerError, formatTag, readOne, type Tlv } from '@esim-rsp/codec';

/** Order of the parts in BF36 (2.5.4); secondSequenceOf87 (A2) may be absent. */
const PARTS = [0xbf23, 0xa0, 0xa1, 0xa2, 0xa3];

/** Parts whose header travels with their first TLV; the others' headers travel alone (5.7.6). */
const HEADER_WITH_FIRST = new Set([0xa0, 0xa2]);

/**
 * Cuts a Bound Profile Package into what the LPA sends one after another by ES10b.LoadBoundProfilePackage (2.5.5, 5.7.6):
 * views of the bytes as they came. Throws a DerError if the parts are not those of a package.
 */
export function splitBoundProfilePackage(boundProfilePackage: Uint8Array): Uint8Array[] {
  const outer = readOne(boundProfilePackage);
  if (outer.tag !== 0xbf36) throw new DerError(`tag ${formatTag(outer.tag)} where BF36 belongs`);
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
      `a Bound Profile Package of ${tags.map(formatTag).join(', ')} where ${expected.map(formatTag).join(', ')} belong`,
    );
  return parts as [Tlv, ...Tlv[]];
}
