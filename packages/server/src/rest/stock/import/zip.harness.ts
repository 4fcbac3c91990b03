import { crc32, deflateRawSync } from 'node:zlib';

export type ZipEntry = {
  readonly name: string;
  readonly content: Uint8Array;
  /** How it is written: with its sizes before it or behind it, compressed or not. */
  readonly as?: 'deflated' | 'stored' | 'deflated to a pipe' | 'stored to a pipe' | 'zip64';
  readonly encrypted?: true;
  readonly wrongCrc?: true;
};

/** A zip as programs write it, with its directory. */
export function zipOf(entries: readonly ZipEntry[]): Buffer {
  const heads = entries.flatMap((entry) => [head(entry, 0x04034b50), contentOf(entry)]);
  const directory = entries.map((entry) => head(entry, 0x02014b50));
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50);
  return Buffer.concat([...heads, ...directory, end]);
}

function packed({ content, as = 'deflated' }: ZipEntry): Buffer {
  return as.startsWith('stored') ? Buffer.from(content) : deflateRawSync(content);
}

/** Good enough for the directory too, which is not read. */
function head(entry: ZipEntry, signature: number): Buffer {
  const { name, content, as = 'deflated', encrypted, wrongCrc } = entry;
  const piped = as.endsWith('pipe');
  const fixed = Buffer.alloc(30);
  fixed.writeUInt32LE(signature, 0);
  fixed.writeUInt16LE((piped ? 8 : 0) | (encrypted ? 1 : 0), 6);
  fixed.writeUInt16LE(as.startsWith('stored') ? 0 : 8, 8);
  const sizes = [crc32(content) ^ (wrongCrc ? 1 : 0), packed(entry).length, content.length];
  const written = piped ? [0, 0, 0] : as === 'zip64' ? [sizes[0], 0xffffffff, 0xffffffff] : sizes;
  for (const [i, size] of written.entries()) fixed.writeUInt32LE((size as number) >>> 0, 14 + 4 * i);
  const extra = as === 'zip64' ? Buffer.alloc(20) : Buffer.alloc(0);
  if (as === 'zip64') {
    extra.writeUInt16LE(1, 0);
    extra.writeUInt16LE(16, 2);
    extra.writeBigUInt64LE(BigInt(sizes[2] as number), 4);
    extra.writeBigUInt64LE(BigInt(sizes[1] as number), 12);
  }
  fixed.writeUInt16LE(Buffer.byteLength(name), 26);
  fixed.writeUInt16LE(extra.length, 28);
  return Buffer.concat([fixed, Buffer.from(name), extra]);
}

function contentOf(entry: ZipEntry): Buffer {
  const data = packed(entry);
  if (!entry.as?.endsWith('pipe')) return data;
  const behind = Buffer.alloc(16);
  behind.writeUInt32LE(0x08074b50, 0);
  behind.writeUInt32LE(crc32(entry.content), 4);
  behind.writeUInt32LE(data.length, 8);
  behind.writeUInt32LE(entry.content.length, 12);
  return Buffer.concat([data, behind]);
}
