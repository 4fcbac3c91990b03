import { crc32, deflateSync } from 'node:zlib';
import type { QrMatrix } from './matrix.ts';

/** PNG filter types (RFC 2083 6): as it is, and as difference to the row above. */
const FILTER_NONE = 0;
const FILTER_UP = 2;

/** Pixels per module unless a size is asked for. */
const SCALE = 8;

/**
 * A black and white PNG of one bit per pixel (RFC 2083). Modules are whole pixels; what is left of `size` widens the
 * quiet zone. Rows that repeat the one above are written as differences of zero, which costs next to nothing.
 */
export function qrPng(matrix: QrMatrix, size = matrix.length * SCALE): Buffer {
  const scale = Math.floor(size / matrix.length);
  if (scale < 1) throw new RangeError(`${matrix.length} modules do not fit into ${size} pixels`);
  const before = (size - scale * matrix.length) >> 1;
  const stride = 1 + ((size + 7) >> 3);
  const rows = Buffer.alloc(stride * size);
  for (let y = 1; y < size; y++) rows[y * stride] = FILTER_UP;
  rows.fill(0xff, 1, stride); // the first row is white, and so is all that equals it
  if (before === 0) writeRow(rows, 0, matrix[0] ?? [], scale, before);
  let above = matrix[0];
  for (const [i, row] of matrix.entries()) {
    if (!sameRow(row, above)) writeRow(rows, (before + i * scale) * stride, row, scale, before);
    above = row;
  }
  return pngOf(size, rows);
}

function sameRow(row: readonly boolean[], above: readonly boolean[] | undefined): boolean {
  return above !== undefined && row.every((dark, x) => dark === above[x]);
}

/** One row of modules as pixels, 1 is white, beginning with its filter type. */
function writeRow(rows: Buffer, at: number, row: readonly boolean[], scale: number, before: number): void {
  rows[at] = FILTER_NONE;
  rows.fill(0xff, at + 1, at + 1 + ((before * 2 + scale * row.length + 7) >> 3));
  for (const [i, dark] of row.entries()) {
    if (!dark) continue;
    const start = before + i * scale;
    for (let x = start; x < start + scale; x++) {
      const octet = at + 1 + (x >> 3);
      rows[octet] = (rows[octet] as number) & ~(0x80 >> (x & 7));
    }
  }
}

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');

function pngOf(size: number, rows: Buffer): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header[8] = 1; // bit depth; colour type 0 is greyscale, and the rest is 0 too
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows, { level: 3 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const whole = Buffer.alloc(12 + data.length);
  whole.writeUInt32BE(data.length, 0);
  whole.write(type, 4, 'latin1');
  data.copy(whole, 8);
  whole.writeUInt32BE(crc32(whole.subarray(4, 8 + data.length)), 8 + data.length);
  return whole;
}
