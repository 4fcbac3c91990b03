import type { FileHandle } from 'node:fs/promises';

/** Blocks of a tar file (POSIX ustar). */
const BLOCK = 512;
const NAME_OCTETS = 100;
/** Larger sizes are written in base 256, as GNU tar does. */
const MAX_OCTAL = 8 ** 11;

/** A file in a tar file: a relative path with slashes, and its octets. */
export type TarEntry = { readonly name: string; readonly size: number };

/** The tar file has another structure than expected. */
export class TarError extends Error {
  override readonly name = 'TarError';
}

/** The header block of a file that by default only its owner may read. `modified`: Unix seconds. */
export function tarHeader({ name, size }: TarEntry, modified: number, mode = 0o600): Buffer {
  const header = Buffer.alloc(BLOCK);
  const [prefix, rest] = splitName(name);
  header.write(rest, 0);
  header.write(`${mode.toString(8).padStart(7, '0')}\0`, 100);
  header.write('0000000\0'.repeat(2), 108); // uid, gid
  writeSize(header, size);
  header.write(`${modified.toString(8).padStart(11, '0')}\0`, 136);
  header.write('0', 156); // a regular file
  header.write('ustar\x0000', 257);
  header.write(prefix, 345);
  header.write('        ', 148); // the checksum counts as blanks
  const sum = header.reduce((total, octet) => total + octet, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}

/** The zeros after the content of a file, up to a whole block. */
export function tarPadding(size: number): Buffer {
  return Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK);
}

export const TAR_END: Buffer = Buffer.alloc(2 * BLOCK);

/** A long path is split at a slash into prefix and name. */
function splitName(name: string): readonly [prefix: string, rest: string] {
  if (Buffer.byteLength(name) <= NAME_OCTETS) return ['', name];
  for (let at = name.indexOf('/'); at !== -1; at = name.indexOf('/', at + 1)) {
    const [prefix, rest] = [name.slice(0, at), name.slice(at + 1)];
    if (Buffer.byteLength(rest) <= NAME_OCTETS && Buffer.byteLength(prefix) <= 155) return [prefix, rest];
  }
  throw new TarError(`the path ${name} is too long for a backup: shorten it`);
}

function writeSize(header: Buffer, size: number): void {
  if (size < MAX_OCTAL) header.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  else {
    header[124] = 0x80;
    header.writeBigUInt64BE(BigInt(size), 128);
  }
}

/** Reads an exact number of octets. Throws a TarError if the file ends first. */
export async function readExactly(file: FileHandle, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  for (let at = 0; at < length; ) {
    const { bytesRead } = await file.read(buffer, at, length - at);
    if (bytesRead === 0) throw new TarError('it ends too early');
    at += bytesRead;
  }
  return buffer;
}

/** Reads the next header; undefined: the end of the tar file. */
export async function readTarHeader(file: FileHandle): Promise<TarEntry | undefined> {
  const header = await readExactly(file, BLOCK);
  if (header.every((octet) => octet === 0)) return undefined;
  if (header.toString('latin1', 257, 262) !== 'ustar' || !hasRightSum(header))
    throw new TarError('it is not a tar file, or it is damaged');
  if (header[156] !== 0x30) throw new TarError('it contains something that is not a file');
  const [prefix, rest] = [textAt(header, 345, 155), textAt(header, 0, NAME_OCTETS)];
  return { name: prefix === '' ? rest : `${prefix}/${rest}`, size: readSize(header) };
}

function hasRightSum(header: Buffer): boolean {
  const sum = header.reduce((total, octet, at) => total + (at >= 148 && at < 156 ? 0x20 : octet), 0);
  return Number.parseInt(header.toString('latin1', 148, 156), 8) === sum;
}

function readSize(header: Buffer): number {
  const size =
    header[124] === 0x80
      ? Number(header.readBigUInt64BE(128))
      : Number.parseInt(header.toString('latin1', 124, 136), 8);
  if (!Number.isSafeInteger(size) || size < 0) throw new TarError('a size in it is not valid');
  return size;
}

function textAt(header: Buffer, at: number, length: number): string {
  const field = header.subarray(at, at + length);
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end === -1 ? length : end);
}
