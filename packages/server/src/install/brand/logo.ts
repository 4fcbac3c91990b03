import { hash } from 'node:crypto';
import type { Logo, LogoType } from '../../store/ports/install/brands.ts';

/** The largest picture, in octets and in pixels of each side. */
export const MOST_LOGO_BYTES = 65_536;
const MOST_PIXELS = 2048;

type Size = { readonly width: number; readonly height: number };
type Read = (bytes: Buffer) => Size | undefined;

/** What a picture says of its size. Each reader knows its kind by the first octets. */
const readers: Readonly<Record<LogoType, Read>> = {
  'image/png': (bytes) =>
    bytes.subarray(0, 16).equals(PNG_BEGIN) && bytes.length > 45
      ? { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) }
      : undefined,
  'image/jpeg': jpegSize,
  'image/webp': webpSize,
};

/** The signature, and the beginning of IHDR (RFC 2083 3.1, 4.1.1). */
const PNG_BEGIN = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');

/** The type and the size of a picture, and the name of its content; or why it is refused. */
export function readLogo(bytes: Buffer): Logo | string {
  if (bytes.length > MOST_LOGO_BYTES)
    return `it has ${bytes.length} octets: at most ${MOST_LOGO_BYTES} are expected`;
  for (const [type, read] of Object.entries(readers)) {
    const size = read(bytes);
    if (size === undefined) continue;
    const { width, height } = size;
    if (width < 1 || height < 1 || width > MOST_PIXELS || height > MOST_PIXELS)
      return `it has ${width} by ${height} pixels: 1 to ${MOST_PIXELS} on each side are expected`;
    return { type: type as LogoType, width, height, hash: hash('sha256', bytes, 'base64url') };
  }
  return 'a PNG, a JPEG or a WebP is expected';
}

/** The first frame header among the segments (ITU-T T.81 B.1.1, B.2.2). */
function jpegSize(bytes: Buffer): Size | undefined {
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== 0xffd8) return undefined;
  for (let at = 2; at + 9 <= bytes.length && bytes[at] === 0xff; ) {
    const marker = bytes[at + 1] ?? 0;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) };
    at += 2 + Math.max(2, bytes.readUInt16BE(at + 2));
  }
  return undefined;
}

/** The first chunk: lossy, lossless or extended (RFC 9649 2.5 to 2.7). */
function webpSize(bytes: Buffer): Size | undefined {
  const text = (from: number, to: number) => bytes.toString('latin1', from, to);
  if (bytes.length < 30 || text(0, 4) !== 'RIFF' || text(8, 12) !== 'WEBP') return undefined;
  switch (text(12, 16)) {
    case 'VP8 ':
      return { width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff };
    case 'VP8L': {
      const bits = bytes.readUInt32LE(21);
      return { width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff) };
    }
    case 'VP8X':
      return { width: 1 + bytes.readUIntLE(24, 3), height: 1 + bytes.readUIntLE(27, 3) };
    default:
      return undefined;
  }
}
