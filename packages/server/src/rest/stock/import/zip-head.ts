/** Octets before the name in the head of a file (APPNOTE 4.3.7). */
export const LOCAL_HEAD = 30;

export type Sizes = { readonly compressed: number; readonly uncompressed: number; readonly crc: number };

/** The header before a file in a zip. */
export type EntryHead = {
  readonly name: string;
  readonly method: 'stored' | 'deflated' | 'other';
  readonly isEncrypted: boolean;
  /** Absent: they follow the content. */
  readonly sizes?: Sizes;
};

const startsWith = (octets: Uint8Array, magic: readonly number[]) =>
  magic.every((octet, i) => octets[i] === octet);

export function isEntry(octets: Uint8Array): boolean {
  return octets.length >= LOCAL_HEAD && startsWith(octets, [0x50, 0x4b, 3, 4]);
}

/** The directory of the zip, or of an empty one the end of it. */
export function isEnd(octets: Uint8Array): boolean {
  return [
    [1, 2],
    [5, 6],
    [6, 6],
  ].some((kind) => startsWith(octets, [0x50, 0x4b, ...kind]));
}

const FLAGS = { encrypted: 1, sizesBehind: 8 } as const;
const methods: Readonly<Record<number, EntryHead['method']>> = { 0: 'stored', 8: 'deflated' };

/** Reads a head with its name and extra fields. */
export function entryHead(octets: Uint8Array): EntryHead {
  const view = Buffer.from(octets.buffer, octets.byteOffset, octets.length);
  const flags = view.readUInt16LE(6);
  const nameEnd = LOCAL_HEAD + view.readUInt16LE(26);
  return {
    name: view.toString('utf8', LOCAL_HEAD, nameEnd),
    method: methods[view.readUInt16LE(8)] ?? 'other',
    isEncrypted: (flags & FLAGS.encrypted) !== 0,
    ...((flags & FLAGS.sizesBehind) === 0 && { sizes: sizesIn(view, view.subarray(nameEnd)) }),
  };
}

const IN_EXTRA_FIELD = 0xffffffff;

function sizesIn(view: Buffer, extra: Buffer): Sizes {
  const [crc, compressed, uncompressed] = [14, 18, 22].map((at) => view.readUInt32LE(at)) as [
    number,
    number,
    number,
  ];
  if (compressed !== IN_EXTRA_FIELD && uncompressed !== IN_EXTRA_FIELD)
    return { crc, compressed, uncompressed };
  const long = longSizes(extra);
  return { crc, ...(long ?? { compressed, uncompressed }) };
}

/** ZIP64 (4.5.3): both sizes, the uncompressed one first. */
function longSizes(extra: Buffer): Omit<Sizes, 'crc'> | undefined {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1 || at + 20 > extra.length) continue;
    const [uncompressed, compressed] = [4, 12].map((i) => Number(extra.readBigUInt64LE(at + i))) as [
      number,
      number,
    ];
    return { compressed, uncompressed };
  }
  return undefined;
}

/** The sizes behind a content (4.3.9), which has a signature or not, and 32 or 64 bits; undefined: none of these fits it. */
export function sizesAfter(
  octets: Uint8Array,
  { compressed, uncompressed }: Omit<Sizes, 'crc'>,
): { readonly sizes: Sizes; readonly length: number } | undefined {
  const view = Buffer.from(octets.buffer, octets.byteOffset, octets.length);
  for (const start of startsWith(octets, [0x50, 0x4b, 7, 8]) ? [4, 0] : [0])
    for (const size of [4, 8]) {
      const length = start + 4 + 2 * size;
      if (length > view.length) continue;
      const at = (i: number) =>
        size === 4 ? view.readUInt32LE(start + 4 + 4 * i) : Number(view.readBigUInt64LE(start + 4 + 8 * i));
      if (at(0) !== compressed || at(1) !== uncompressed) continue;
      return { sizes: { crc: view.readUInt32LE(start), compressed, uncompressed }, length };
    }
  return undefined;
}
