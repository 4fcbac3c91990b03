/** A row of octets that is repeated `times` times. */
export type Rows = { readonly bytes: Uint8Array; readonly times: number };

/** Bits to write, the lowest first, above five that say how many they are: a plain number, because there are many. */
type Code = number;

function packCode(bits: number, count: number): Code {
  return (bits << 5) | count;
}

/** CMF and FLG (RFC 1950 2.2): deflate with a window of 32 KiB, no dictionary. */
const ZLIB_HEADER = packCode(0x0178, 16);

/** BFINAL and BTYPE 01 (RFC 1951 3.2.3): one block with fixed Huffman codes. */
const ONLY_BLOCK = packCode(0b011, 3);
const MIN_MATCH = 3;
const MAX_MATCH = 258;

/** The fixed Huffman code of a literal or length symbol (RFC 1951 3.2.6), which begins with its highest bit. */
function symbolCode(symbol: number): Code {
  if (symbol < 144) return reverseBits(0x30 + symbol, 8);
  if (symbol < 256) return reverseBits(0x190 + symbol - 144, 9);
  if (symbol < 280) return reverseBits(symbol - 256, 7);
  return reverseBits(0xc0 + symbol - 280, 8);
}

function reverseBits(code: number, count: number): Code {
  let bits = 0;
  for (let i = 0; i < count; i++) bits |= ((code >> i) & 1) << (count - 1 - i);
  return packCode(bits, count);
}

function appendBits(code: Code, extra: number, extraCount: number): Code {
  const count = code & 31;
  return packCode((code >> 5) | (extra << count), count + extraCount);
}

const literals = Array.from({ length: 256 }, (_, octet) => symbolCode(octet));
const endOfBlock = symbolCode(256);

/** Codes of the lengths 3 to 258 with their extra bits (RFC 1951 3.2.5). */
const lengths: Code[] = [];
for (let i = 0, length = MIN_MATCH; length < MAX_MATCH; i++) {
  const extraCount = i < 8 ? 0 : (i >> 2) - 1;
  for (let extra = 0; extra < 1 << extraCount; extra++)
    lengths[length++] = appendBits(symbolCode(257 + i), extra, extraCount);
}
lengths[MAX_MATCH] = symbolCode(285);

/** The code of a distance with its extra bits (RFC 1951 3.2.5). */
function distanceCode(distance: number): Code {
  for (let i = 0, first = 1; ; i++) {
    const extraCount = i < 4 ? 0 : (i >> 1) - 1;
    if (distance < first + (1 << extraCount))
      return appendBits(reverseBits(i, 5), distance - first, extraCount);
    first += 1 << extraCount;
  }
}

const octetBefore = distanceCode(1);

/**
 * Rows of equal length, at least three octets, as a zlib stream (RFC 1950). It looks for two likenesses only, octets
 * that repeat and rows that repeat, which is all that a QR code has; zlib would take longer to clear its tables.
 */
export function deflateRows(rows: readonly Rows[]): Buffer {
  const stride = rows[0]?.bytes.length ?? 0;
  const rowAbove = distanceCode(stride);
  const { put, flush, bytes } = createBitWriter(
    rows.reduce((sum, { times }) => sum + 2 * stride + 4 * times, 16),
  );
  put(ZLIB_HEADER);
  put(ONLY_BLOCK);
  for (const row of rows) {
    putRow(put, row.bytes);
    putMatches(put, (row.times - 1) * stride, rowAbove);
  }
  put(endOfBlock);
  flush();
  const sum = adler32(rows);
  for (const shift of [24, 16, 8, 0]) put(packCode((sum >>> shift) & 0xff, 8));
  return bytes();
}

type Put = (code: Code) => void;

function createBitWriter(capacity: number) {
  const out = Buffer.allocUnsafe(capacity);
  let at = 0;
  let buffer = 0;
  let bufferedBits = 0;
  const put: Put = (code) => {
    buffer |= (code >> 5) << bufferedBits;
    for (bufferedBits += code & 31; bufferedBits >= 8; bufferedBits -= 8) {
      out[at++] = buffer & 0xff;
      buffer >>>= 8;
    }
  };
  const flush = () => put(packCode(0, -bufferedBits & 7));
  return { put, flush, bytes: () => out.subarray(0, at) };
}

function putRow(put: Put, row: Uint8Array): void {
  for (let x = 0, next: number; x < row.length; x = next) {
    const octet = row[x] as number;
    const literal = literals[octet] as Code;
    for (next = x + 1; next < row.length && row[next] === octet; ) next++;
    const repeats = next - x - 1;
    put(literal);
    if (repeats >= MIN_MATCH) putMatches(put, repeats, octetBefore);
    else for (let i = 0; i < repeats; i++) put(literal);
  }
}

/** A copy of `length` octets from `distance` octets before: none, or at least three. */
function putMatches(put: Put, length: number, distance: Code): void {
  for (let left = length; left > 0; ) {
    const some = left > MAX_MATCH && left < MAX_MATCH + MIN_MATCH ? MAX_MATCH - MIN_MATCH : MAX_MATCH;
    const length_ = Math.min(left, some);
    put(lengths[length_] as Code);
    put(distance);
    left -= length_;
  }
}

const ADLER_MODULUS = 65521;

/** Adler-32 (RFC 1950 8.2) of all rows: each repeated row is summed up once, and counts as often as it is repeated. */
function adler32(rows: readonly Rows[]): number {
  let a = 1;
  let b = 0;
  for (const { bytes, times } of rows) {
    let sum = 0;
    let sums = 0;
    for (let i = 0; i < bytes.length; i++) {
      sum += bytes[i] as number;
      sums += sum;
    }
    const before = times * a + ((sum % ADLER_MODULUS) * times * (times - 1)) / 2;
    b = (b + bytes.length * (before % ADLER_MODULUS) + times * (sums % ADLER_MODULUS)) % ADLER_MODULUS;
    a = (a + times * sum) % ADLER_MODULUS;
  }
  return ((b << 16) | a) >>> 0;
}
