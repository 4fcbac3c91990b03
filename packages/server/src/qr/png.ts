import { crc32 } from 'node:zlib';
import { deflateRows, type Rows } from './deflate.ts';
import type { QrMatrix } from './matrix.ts';

/** Pixels per module unless a size is asked for. */
const SCALE = 8;

/**
 * A black and white PNG of one bit per pixel (RFC 2083). Modules are whole pixels; what is left of `size` widens the
 * quiet zone.
 */
export function renderPng(matrix: QrMatrix, size = matrix.length * SCALE): Buffer {
  const scale = Math.floor(size / matrix.length);
  if (scale < 1) throw new RangeError(`${matrix.length} modules do not fit into ${size} pixels`);
  const rest = size - scale * matrix.length;
  const before = rest >> 1;
  const white = new Uint8Array(1 + ((size + 7) >> 3)).fill(0xff, 1);
  const rendered = matrix.map((row): Rows => ({ bytes: renderRow(row, white, scale, before), times: scale }));
  if (rest === 0) return encodePng(size, rendered);
  const margin = (times: number): Rows[] => (times === 0 ? [] : [{ bytes: white, times }]);
  return encodePng(size, [...margin(before), ...rendered, ...margin(rest - before)]);
}

/** One row of modules as pixels, 1 is white, after its filter type 0: as it is (RFC 2083 6). `white`: a row without dark modules. */
function renderRow(row: readonly boolean[], white: Uint8Array, scale: number, before: number): Uint8Array {
  let bytes = white;
  for (let x = 0, next: number; x < row.length; x = next) {
    for (next = x + 1; next < row.length && row[next] === row[x]; ) next++;
    if (!row[x]) continue;
    if (bytes === white) bytes = white.slice();
    blacken(bytes, before + x * scale, (next - x) * scale);
  }
  return bytes;
}

/** Clears bits from `start` on, an octet at a time. */
function blacken(bytes: Uint8Array, start: number, count: number): void {
  const end = start + count;
  for (let x = start; x < end; x = (x | 7) + 1) {
    const octet = 1 + (x >> 3);
    const fromHere = 0xff >> (x & 7);
    const toThere = end >= (x | 7) + 1 ? 0xff : (0xff00 >> (end & 7)) & 0xff;
    bytes[octet] = (bytes[octet] as number) & ~(fromHere & toThere);
  }
}

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');
const END = chunk('IEND', Buffer.alloc(0));

function encodePng(size: number, rows: readonly Rows[]): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header[8] = 1; // bit depth; colour type 0 is greyscale, and the rest is 0 too
  return Buffer.concat([SIGNATURE, chunk('IHDR', header), chunk('IDAT', deflateRows(rows)), END]);
}

function chunk(type: string, data: Buffer): Buffer {
  const whole = Buffer.allocUnsafe(12 + data.length);
  whole.writeUInt32BE(data.length, 0);
  whole.write(type, 4, 'latin1');
  data.copy(whole, 8);
  whole.writeUInt32BE(crc32(whole.subarray(4, 8 + data.length)), 8 + data.length);
  return whole;
}
