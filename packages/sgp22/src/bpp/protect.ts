import { encodeHeader } from '@esim-rsp/codec';
import { BLOCK, cbcEncryptor } from '../crypto/aes.ts';
import { allocateChain, type ChainBuffer, computeCmacs } from '../crypto/cmac.ts';
import type { SessionKeys } from './session-keys.ts';

/** SCP03t as SGP.22 2.5.3 and 2.6.4.4 use it: 87 and 86 are encrypted and MACed, 88 is MACed only. */
export type ProtectedTag = 0x86 | 0x87 | 0x88;

/** The plaintext of one TLV. */
export type Segment = { readonly tag: ProtectedTag; readonly plaintext: Uint8Array };

/** The state of SCP03t between two TLVs: `chain` is the full MAC of the previous TLV, `counter` the number of the next one. All tags count. */
export type Protection = {
  readonly keys: SessionKeys;
  readonly chain: Uint8Array;
  readonly counter: number;
};

export const MAC_LENGTH = 8;

/** A whole protected TLV has at most 1020 octets (2.5.3): 4 of header, 1008 of data, 8 of MAC. */
export const MAX_SEGMENT = 1020;
const MAX_DATA = 1008;

/** The state before the first TLV. */
export function startProtection(keys: SessionKeys): Protection {
  return { keys, chain: keys.initialMacChainingValue, counter: 1 };
}

/** Splits data into segments of the largest size: 1007 octets for encrypted tags, which need padding, and 1008 for 88. */
export function splitIntoSegments(tag: ProtectedTag, data: Uint8Array): Segment[] {
  const size = isEncrypted(tag) ? MAX_DATA - 1 : MAX_DATA;
  const segments: Segment[] = [];
  for (let at = 0; at < data.length; at += size)
    segments.push({ tag, plaintext: data.subarray(at, at + size) });
  return segments;
}

/** Protects segments (2.6.4.4). `tlvs` are consecutive views of one array. Returns also the state after them. */
export function protect(
  protection: Protection,
  segments: readonly Segment[],
): { readonly tlvs: readonly Uint8Array[]; readonly protection: Protection } {
  const lengths = segments.map(protectedSize);
  const bytes = new Uint8Array(lengths.reduce((sum, length) => sum + length, 0));
  const after = protectInto(bytes, 0, protection, segments);
  let at = 0;
  const tlvs = lengths.map((length) => {
    at += length;
    return bytes.subarray(at - length, at);
  });
  return { tlvs, protection: after };
}

/** Protects segments and wraps them in a TLV with `tag`: one part of a Bound Profile Package. */
export function protectPart(tag: number, protection: Protection, segments: readonly Segment[]): Uint8Array {
  const length = segments.reduce((sum, segment) => sum + protectedSize(segment), 0);
  const head = encodeHeader(tag, length);
  const bytes = new Uint8Array(head.length + length);
  bytes.set(head);
  protectInto(bytes, head.length, protection, segments);
  return bytes;
}

/** Whether TLVs of the tag are encrypted. */
export function isEncrypted(tag: ProtectedTag): boolean {
  return tag !== 0x88;
}

/** Adds the counter, 16 octets big-endian, to the first block. Its encryption is the initial chaining vector. */
export function addCounter(blocks: Uint8Array, counter: number): void {
  for (let at = BLOCK - 1, rest = counter; rest > 0; at--, rest = Math.floor(rest / 256))
    blocks[at] = (blocks[at] as number) ^ (rest & 0xff);
}

/** Padding is always present: 80, then 00 up to the end of the block. */
function dataLength({ tag, plaintext: { length } }: Segment): number {
  return isEncrypted(tag) ? BLOCK * (Math.floor(length / BLOCK) + 1) : length;
}

/** Octets of header and data. */
function bodyLength(segment: Segment): number {
  const length = dataLength(segment);
  if (length > MAX_DATA)
    throw new RangeError(`${segment.plaintext.length} bytes do not fit into a segment of ${MAX_SEGMENT}`);
  const announced = length + MAC_LENGTH;
  return (announced < 0x80 ? 2 : announced < 0x100 ? 3 : 4) + length;
}

function protectedSize(segment: Segment): number {
  return bodyLength(segment) + MAC_LENGTH;
}

/**
 * Writes the TLVs to `bytes` from `at` on. For speed, one cipher object encrypts all of them, and one pass computes all MACs:
 * the number of calls costs more than the number of bytes.
 */
function protectInto(
  bytes: Uint8Array,
  at: number,
  { keys, chain, counter }: Protection,
  segments: readonly Segment[],
): Protection {
  if (segments.length === 0) return { keys, chain, counter };
  const room = allocateChain(segments.map(bodyLength));
  encryptInto(room, segments, keys.sEnc, counter);
  let end = at;
  for (const [i, length] of room.lengths.entries()) {
    const start = room.starts[i] as number;
    bytes.set(room.blocks.subarray(start, start + length), end);
    end += length + MAC_LENGTH;
  }
  const macs = computeCmacs(keys.sMac, chain, room);
  end = at;
  for (const [i, length] of room.lengths.entries()) {
    end += length + MAC_LENGTH;
    copyOctets(macs[i] as Uint8Array, bytes, end - MAC_LENGTH, MAC_LENGTH);
  }
  return { keys, chain: (macs.at(-1) as Uint8Array).slice(), counter: counter + segments.length };
}

/**
 * Writes headers and encrypted data. Before each plaintext the cipher encrypts the counter, which gives the ICV and leaves it
 * as the cipher state; XOR with the previous ciphertext block cancels the chaining.
 */
function encryptInto(
  { blocks: target, starts, lengths }: ChainBuffer,
  segments: readonly Segment[],
  sEnc: Uint8Array,
  counter: number,
): void {
  const cbc = cbcEncryptor(sEnc);
  const blocks = new Uint8Array(BLOCK + MAX_DATA);
  for (const [i, segment] of segments.entries()) {
    const { tag, plaintext } = segment;
    const length = dataLength(segment);
    const start = starts[i] as number;
    const dataStart = start + (lengths[i] as number) - length;
    if (isEncrypted(tag)) {
      addCounter(blocks, counter + i); // XOR with the previous ciphertext block, or with zeros
      blocks.set(plaintext, BLOCK);
      blocks[BLOCK + plaintext.length] = 0x80;
      if (plaintext.length + 1 < length) blocks.fill(0, BLOCK + plaintext.length + 1, BLOCK + length);
      target.set(cbc(length === MAX_DATA ? blocks : blocks.subarray(0, BLOCK + length)), dataStart - BLOCK);
      copyOctets(target.subarray(dataStart + length - BLOCK), blocks, 0, BLOCK);
      target.fill(0, start - BLOCK, start); // removes the encrypted counter
    } else target.set(plaintext, dataStart);
    target.set(encodeHeader(tag, length + MAC_LENGTH), start);
  }
}

/** For a few octets a loop is faster than `set`. */
function copyOctets(from: Uint8Array, to: Uint8Array, at: number, count: number): void {
  for (let i = 0; i < count; i++) to[at + i] = from[i] as number;
}
