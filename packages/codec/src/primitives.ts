import { DerError, parseTag, type Tlv } from './tlv.ts';
import { type Type, tagged } from './type.ts';

const utf8Decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const utf8Encoder = new TextEncoder();

function readSized(found: Tlv, min: number, max: number): Uint8Array {
  const length = found.end - found.contentStart;
  if (length < min || length > max) throw new DerError(sizeMessage(length, min, max));
  return found.content;
}

/** Checks a value before it is written. A RangeError is a mistake of the caller, not of a peer. */
function checkSize(content: Uint8Array, min: number, max: number): Uint8Array {
  if (content.length < min || content.length > max)
    throw new RangeError(sizeMessage(content.length, min, max));
  return content;
}

function sizeMessage(length: number, min: number, max: number): string {
  return `${length} bytes, expected ${min === max ? min : `${min} to ${max}`}`;
}

/** OCTET STRING of `min` to `max` bytes (`octetString(16)`: exactly 16). */
export function octetString(
  min = 0,
  max: number = min === 0 ? Number.MAX_SAFE_INTEGER : min,
): Type<Uint8Array> {
  return tagged(
    0x04,
    (found) => readSized(found, min, max),
    (value) => [checkSize(value, min, max)],
  );
}

/** UTF8String of at most `max` bytes. */
export function utf8String(max: number = Number.MAX_SAFE_INTEGER, min = 0): Type<string> {
  return tagged(
    0x0c,
    (found) => {
      try {
        return utf8Decoder.decode(readSized(found, min, max));
      } catch (error) {
        throw error instanceof DerError ? error : new DerError('not UTF-8 text');
      }
    },
    (value) => [checkSize(utf8Encoder.encode(value), min, max)],
  );
}

/** INTEGER between `min` and `max`, both safe integers. */
export function integer(min = 0, max: number = Number.MAX_SAFE_INTEGER): Type<number> {
  return tagged(
    0x02,
    (found) => {
      const value = readInteger(found.content);
      if (value < min || value > max) throw new DerError(`${value} is not between ${min} and ${max}`);
      return value;
    },
    (value) => {
      if (value < min || value > max) throw new RangeError(`${value} is not between ${min} and ${max}`);
      return [integerContent(value)];
    },
  );
}

function readInteger(content: Uint8Array): number {
  mustBeMinimalInteger(content);
  if (content.length > 7) throw new DerError('an INTEGER is too large');
  let value = (content[0] as number) >= 0x80 ? -1 : 0;
  for (let i = 0; i < content.length; i++) value = value * 256 + (content[i] as number);
  return value;
}

function mustBeMinimalInteger(content: Uint8Array): void {
  const first = content[0];
  const second = content[1];
  if (first === undefined) throw new DerError('an INTEGER has no content');
  if (second !== undefined && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80)))
    throw new DerError('an INTEGER is not in its shortest form');
}

function integerContent(value: number): Uint8Array {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is not a safe integer`);
  const octets: number[] = [];
  let rest = value;
  do {
    octets.unshift(((rest % 256) + 256) % 256);
    rest = Math.floor(rest / 256);
  } while (!(rest === 0 && (octets[0] as number) < 0x80) && !(rest === -1 && (octets[0] as number) >= 0x80));
  return Uint8Array.from(octets);
}

/** INTEGER of any size as its content octets (certificate serial numbers). */
export const integerOctets: Type<Uint8Array> = tagged(
  0x02,
  ({ content }) => {
    mustBeMinimalInteger(content);
    return content;
  },
  (value) => [value],
);

/** BOOLEAN; any octet but 00 reads as true, TRUE is written FF. */
export const boolean: Type<boolean> = tagged(
  0x01,
  (found) => readSized(found, 1, 1)[0] !== 0,
  (value) => [Uint8Array.of(value ? 0xff : 0x00)],
);

export const nul: Type<null> = tagged(
  0x05,
  (found) => {
    readSized(found, 0, 0);
    return null;
  },
  () => [],
);

/** OBJECT IDENTIFIER in dotted form. */
export const objectIdentifier: Type<string> = tagged(
  0x06,
  ({ content }) => readOid(content),
  (value) => [oidContent(value)],
);

function readOid(content: Uint8Array): string {
  let dotted = '';
  let arc = 0;
  let open = false;
  for (let i = 0; i < content.length; i++) {
    const octet = content[i] as number;
    if (!open && octet === 0x80) throw new DerError('an OID arc is not in its shortest form');
    arc = arc * 128 + (octet & 0x7f);
    if (arc > Number.MAX_SAFE_INTEGER / 128) throw new DerError('an OID arc is too large');
    open = octet >= 0x80;
    if (open) continue;
    const root = arc < 80 ? Math.floor(arc / 40) : 2;
    dotted = dotted === '' ? `${root}.${arc - 40 * root}` : `${dotted}.${arc}`;
    arc = 0;
  }
  if (dotted === '' || open) throw new DerError('an OID is empty or ends in the middle of an arc');
  return dotted;
}

/** Content octets of a dotted OID. */
export function oidContent(dotted: string): Uint8Array {
  if (!/^[0-2](?:\.(?:0|[1-9]\d{0,14}))+$/.test(dotted))
    throw new RangeError(`'${dotted}' is not a dotted OID`);
  const [root, second, ...rest] = dotted.split('.').map(Number) as [number, number, ...number[]];
  if (root < 2 && second > 39) throw new RangeError(`'${dotted}' is not a dotted OID`);
  const octets: number[] = [];
  for (const arc of [40 * root + second, ...rest]) {
    const groups = [arc % 128];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128))
      groups.unshift((left % 128) + 128);
    octets.push(...groups);
  }
  return Uint8Array.from(octets);
}

/** BIT STRING whose bits have names: the set of bit numbers that are 1. Trailing zero bits are tolerated and never written. */
export const namedBits: Type<ReadonlySet<number>> = tagged(
  0x03,
  ({ content }) => {
    const unused = readUnusedBits(content);
    const bits = new Set<number>();
    const count = 8 * (content.length - 1) - unused;
    for (let bit = 0; bit < count; bit++)
      if (((content[1 + (bit >> 3)] as number) & (0x80 >> (bit & 7))) !== 0) bits.add(bit);
    return bits;
  },
  (bits) => {
    const last = Math.max(-1, ...bits);
    const content = new Uint8Array(1 + Math.ceil((last + 1) / 8));
    content[0] = (7 - (last & 7)) & 7;
    for (const bit of bits)
      content[1 + (bit >> 3)] = (content[1 + (bit >> 3)] as number) | (0x80 >> (bit & 7));
    return [content];
  },
);

/** BIT STRING that holds whole octets (keys, signatures in certificates). */
export const bitOctets: Type<Uint8Array> = tagged(
  0x03,
  ({ content }) => {
    if (readUnusedBits(content) !== 0) throw new DerError('a BIT STRING does not hold whole octets');
    return content.subarray(1);
  },
  (value) => [Uint8Array.of(0), value],
);

function readUnusedBits(content: Uint8Array): number {
  const unused = content[0];
  if (unused === undefined || unused > 7 || (content.length === 1 && unused > 0))
    throw new DerError('a BIT STRING has no valid count of unused bits');
  if (content.length > 1025) throw new DerError('a BIT STRING is too long');
  return unused;
}

/** Text of one of the single-byte string types (PrintableString, IA5String …). */
export function asciiString(tag: string): Type<string> {
  return tagged(
    parseTag(tag),
    ({ content }) => {
      let text = '';
      for (let i = 0; i < content.length; i++) {
        const octet = content[i] as number;
        if (octet > 0x7e) throw new DerError('not ASCII text');
        text += String.fromCharCode(octet);
      }
      return text;
    },
    (value) => [utf8Encoder.encode(value)],
  );
}
