/** Bytes that are not valid DER or do not fit the type. The message starts with the path of the field: `authenticateResponseOk > euiccSigned1 > transactionId: …`. */
export class DerError extends Error {
  override readonly name = 'DerError';
  readonly path: readonly string[];
  readonly reason: string;

  constructor(reason: string, path: readonly string[] = []) {
    super(path.length === 0 ? reason : `${path.join(' > ')}: ${reason}`);
    this.reason = reason;
    this.path = path;
  }

  /** The same error with `field` in front of the path. */
  within(field: string): DerError {
    return new DerError(this.reason, [field, ...this.path]);
  }
}

/** One tag-length-value: `tag` holds the identifier octets as a number (0x30, 0x5f37, 0xbf38). The bytes are views, never copies. */
export class Tlv {
  readonly tag: number;
  readonly #source: Uint8Array;
  readonly start: number;
  readonly contentStart: number;
  readonly end: number;

  constructor(tag: number, source: Uint8Array, start: number, contentStart: number, end: number) {
    this.tag = tag;
    this.#source = source;
    this.start = start;
    this.contentStart = contentStart;
    this.end = end;
  }

  /** Tag, length and content octets as received. */
  get bytes(): Uint8Array {
    return this.#source.subarray(this.start, this.end);
  }

  get content(): Uint8Array {
    return this.#source.subarray(this.contentStart, this.end);
  }

  /** Bit 6 of the first identifier octet. */
  get constructed(): boolean {
    return ((this.#source[this.start] as number) & 0x20) !== 0;
  }

  /** The TLVs inside, without copying. */
  children(): Tlv[] {
    const found: Tlv[] = [];
    for (let child = this.firstChild(); child !== undefined; child = this.childAfter(child))
      found.push(child);
    return found;
  }

  /** The first TLV inside; undefined: it is empty. */
  firstChild(): Tlv | undefined {
    return this.#childAt(this.contentStart);
  }

  /** The TLV inside that follows another one; undefined: that was the last. */
  childAfter(before: Tlv): Tlv | undefined {
    return this.#childAt(before.end);
  }

  #childAt(offset: number): Tlv | undefined {
    return offset < this.end ? readAt(this.#source, offset, this.end) : undefined;
  }

  /** The first TLV inside that has this tag. The octets after it are not checked. */
  child(tag: number): Tlv | undefined {
    for (let offset = this.contentStart; offset < this.end; ) {
      const found = readHeaderWithin(this.#source, offset, this.end);
      if (found.tag === tag) return new Tlv(tag, this.#source, offset, found.contentStart, found.end);
      offset = found.end;
    }
    return undefined;
  }
}

/** Identifier octets as printed by the specification ('BF38'), as a number. */
export function parseTag(hex: string): number {
  if (!/^(?:[0-9A-F]{2}){1,3}$/.test(hex))
    throw new Error(`a tag is one to three octets in upper-case hex, not '${hex}'`);
  return Number.parseInt(hex, 16);
}

export function formatTag(tag: number): string {
  const text = tag.toString(16).toUpperCase();
  return text.length % 2 === 0 ? text : `0${text}`;
}

/** Tag and length of a TLV. The content may be missing. */
export type Header = { readonly tag: number; readonly contentStart: number; readonly end: number };

/** Reads the TLV that starts at `offset`; it must end by `limit`. Lengths are definite and minimal (DER). */
export function readAt(source: Uint8Array, offset: number, limit: number = source.length): Tlv {
  const short = shortEnd(source, offset, limit);
  if (short > 0 && short <= limit)
    return new Tlv(source[offset] as number, source, offset, offset + 2, short);
  const { tag, contentStart, end } = readHeaderWithin(source, offset, limit);
  return new Tlv(tag, source, offset, contentStart, end);
}

/** Reads the tag and length octets at `offset`, of a TLV that must end by `limit`. */
export function readHeaderWithin(source: Uint8Array, offset: number, limit: number): Header {
  const found = readHeader(source, offset, limit);
  const { tag, contentStart, end } = found;
  if (end > limit)
    throw new DerError(
      `tag ${formatTag(tag)} announces ${end - contentStart} bytes, but only ${limit - contentStart} follow`,
    );
  return found;
}

/** Reads the tag and length octets at `offset`; only they must end by `limit`. */
export function readHeader(source: Uint8Array, offset: number, limit: number = source.length): Header {
  const short = shortEnd(source, offset, limit);
  if (short > 0) return { tag: source[offset] as number, contentStart: offset + 2, end: short };
  let tag = readOctet(source, offset, limit);
  let at = offset + 1;
  if ((tag & 0x1f) === 0x1f) {
    at = findTagEnd(source, at, limit);
    for (let i = offset + 1; i < at; i++) tag = tag * 256 + (source[i] as number);
  }
  const first = readOctet(source, at, limit);
  if (first < 0x80) return { tag, contentStart: at + 1, end: at + 1 + first };
  const count = first & 0x7f;
  if (count === 0 || count > 4) throw new DerError('a length is indefinite or has more than four octets');
  let length = 0;
  for (let i = 1; i <= count; i++) length = length * 256 + readOctet(source, at + i, limit);
  if (length < 0x80 || length < 256 ** (count - 1))
    throw new DerError('a length is not in its shortest form');
  return { tag, contentStart: at + 1 + count, end: at + 1 + count + length };
}

/** Where the TLV at `offset` ends, which must be by `limit`: for those that only have to be well-formed. */
export function endAt(source: Uint8Array, offset: number, limit: number): number {
  const short = shortEnd(source, offset, limit);
  return short > 0 && short <= limit ? short : readHeaderWithin(source, offset, limit).end;
}

/** Where a TLV ends that has one octet of tag and one of length, as nearly all have; 0: it has more, or these are not there. */
function shortEnd(source: Uint8Array, offset: number, limit: number): number {
  if (offset + 2 > limit) return 0;
  const length = source[offset + 1] as number;
  return length < 0x80 && ((source[offset] as number) & 0x1f) !== 0x1f ? offset + 2 + length : 0;
}

function readOctet(source: Uint8Array, at: number, limit: number): number {
  if (at >= limit) throw new DerError('the data ends in the middle of a tag or length');
  return source[at] as number;
}

/** Where the tag ends whose second octet is at `start`: at most three octets, its number in the shortest form. */
function findTagEnd(source: Uint8Array, start: number, limit: number): number {
  const second = readOctet(source, start, limit);
  if (second === 0x80 || second < 0x1f) throw new DerError('a tag number is not in its shortest form');
  if (second < 0x80) return start + 1;
  if (readOctet(source, start + 1, limit) >= 0x80) throw new DerError('a tag has more than three octets');
  return start + 2;
}

/** Reads exactly one TLV: nothing may follow it. */
export function readOne(bytes: Uint8Array): Tlv {
  const tlv = readAt(bytes, 0);
  if (tlv.end !== bytes.length)
    throw new DerError(`${bytes.length - tlv.end} bytes follow the end of the data`);
  return tlv;
}

/** Reads a series of TLVs without a wrapper. */
export function readAll(bytes: Uint8Array): Tlv[] {
  const found: Tlv[] = [];
  for (let offset = 0; offset < bytes.length; ) {
    const tlv = readAt(bytes, offset);
    found.push(tlv);
    offset = tlv.end;
  }
  return found;
}

/** Tag and length octets of a TLV with `length` bytes of content. */
export function encodeHeader(tag: number, length: number): Uint8Array {
  return allocateTlv(tag, length, 0).whole;
}

/** Allocates a TLV: writes tag and length octets for `length` bytes of content, followed by `room` empty bytes. */
function allocateTlv(
  tag: number,
  length: number,
  room: number,
): { readonly whole: Uint8Array; readonly contentStart: number } {
  const tagOctets = octetCount(tag);
  const lengthOctets = length < 0x80 ? 0 : octetCount(length);
  const contentStart = tagOctets + 1 + lengthOctets;
  const whole = new Uint8Array(contentStart + room);
  for (let i = 0; i < tagOctets; i++) whole[i] = tag >>> (8 * (tagOctets - 1 - i));
  whole[tagOctets] = lengthOctets === 0 ? length : 0x80 | lengthOctets;
  for (let i = 1; i <= lengthOctets; i++) whole[tagOctets + i] = length >>> (8 * (lengthOctets - i));
  return { whole, contentStart };
}

/** How many octets a number has without leading zeros. */
function octetCount(number: number): number {
  return number > 0xffffff ? 4 : number > 0xffff ? 3 : number > 0xff ? 2 : 1;
}

/** A TLV in DER; its content is the parts, joined. */
export function tlv(tag: number, ...parts: Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const { whole, contentStart } = allocateTlv(tag, length, length);
  let offset = contentStart;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
