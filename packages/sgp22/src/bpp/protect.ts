import { header } from '@esim-rsp/codec';
import { BLOCK, cbcEncryptor, ZERO_BLOCK } from '../crypto/aes.ts';
import { cmacChain } from '../crypto/cmac.ts';
import type { SessionKeys } from './session-keys.ts';

/** SCP03t as SGP.22 2.5.3 and 2.6.4.4 use it: 87 and 86 are encrypted and MACed, 88 is MACed only. */
export type ProtectedTag = 0x86 | 0x87 | 0x88;

/** What one TLV is to carry. */
export type Segment = { readonly tag: ProtectedTag; readonly plaintext: Uint8Array };

/** Where a protected run stands: the full MAC of the TLV before and the number of the next one, which counts every tag. */
export type Protection = {
  readonly keys: SessionKeys;
  readonly chain: Uint8Array;
  readonly counter: number;
};

export const MAC_LENGTH = 8;

/** A whole protected TLV has at most 1020 octets (2.5.3): 1008 of data between four of header and the MAC. */
export const MAX_SEGMENT = 1020;
const MAX_DATA = 1008;

/** The state before the first TLV. */
export function protectionBy(keys: SessionKeys): Protection {
  return { keys, chain: keys.initialMacChainingValue, counter: 1 };
}

/** Cuts data into the largest pieces that fit: 1007 octets where one octet of padding must follow, 1008 for 88. */
export function segmentsFrom(tag: ProtectedTag, data: Uint8Array): Segment[] {
  const size = isEncrypted(tag) ? MAX_DATA - 1 : MAX_DATA;
  const segments: Segment[] = [];
  for (let at = 0; at < data.length; at += size)
    segments.push({ tag, plaintext: data.subarray(at, at + size) });
  return segments;
}

/**
 * Protects a run of segments (2.6.4.4). One running cipher encrypts them all and one pass makes all MACs: the calls
 * cost more than the bytes.
 */
export function protect(
  { keys, chain, counter }: Protection,
  segments: readonly Segment[],
): { readonly tlvs: readonly Uint8Array[]; readonly protection: Protection } {
  const tlvs = laidOut(segments);
  encryptInto(tlvs, segments, keys.sEnc, counter);
  const macs = cmacChain(
    keys.sMac,
    chain,
    tlvs.map((tlv) => tlv.subarray(0, -MAC_LENGTH)),
  );
  for (const [i, tlv] of tlvs.entries())
    tlv.set((macs[i] as Uint8Array).subarray(0, MAC_LENGTH), tlv.length - MAC_LENGTH);
  return {
    tlvs,
    protection: { keys, chain: macs.at(-1)?.slice() ?? chain, counter: counter + segments.length },
  };
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

/** Padding is never absent: 80 and as many 00 as the block wants. */
function dataLength({ tag, plaintext: { length } }: Segment): number {
  return isEncrypted(tag) ? BLOCK * (Math.floor(length / BLOCK) + 1) : length;
}

/** The TLVs with their headers, and room for data and MAC: views of one array, one after another. */
function laidOut(segments: readonly Segment[]): Uint8Array[] {
  const heads = segments.map((segment) => {
    const length = dataLength(segment);
    if (length > MAX_DATA)
      throw new RangeError(`${segment.plaintext.length} bytes do not fit into a segment of ${MAX_SEGMENT}`);
    return header(segment.tag, length + MAC_LENGTH);
  });
  const lengths = segments.map(
    (segment, i) => (heads[i] as Uint8Array).length + dataLength(segment) + MAC_LENGTH,
  );
  const whole = new Uint8Array(lengths.reduce((sum, length) => sum + length, 0));
  let at = 0;
  return lengths.map((length, i) => {
    const tlv = whole.subarray(at, at + length);
    tlv.set(heads[i] as Uint8Array);
    at += length;
    return tlv;
  });
}

/**
 * Fills in the data. Before each plaintext the running cipher gets the counter, from which it makes the ICV (and its
 * state with it); the ciphertext block before it is added so that it cancels out.
 */
function encryptInto(
  tlvs: readonly Uint8Array[],
  segments: readonly Segment[],
  sEnc: Uint8Array,
  counter: number,
): void {
  const cbc = cbcEncryptor(sEnc);
  const blocks = new Uint8Array(BLOCK + MAX_DATA);
  let before = ZERO_BLOCK;
  for (const [i, segment] of segments.entries()) {
    const { tag, plaintext } = segment;
    const tlv = tlvs[i] as Uint8Array;
    const length = dataLength(segment);
    const start = tlv.length - MAC_LENGTH - length;
    if (!isEncrypted(tag)) {
      tlv.set(plaintext, start);
      continue;
    }
    blocks.set(before);
    addCounter(blocks, counter + i);
    blocks.set(plaintext, BLOCK);
    blocks.fill(0, BLOCK + plaintext.length, BLOCK + length);
    blocks[BLOCK + plaintext.length] = 0x80;
    const ciphertext = cbc(blocks.subarray(0, BLOCK + length));
    tlv.set(ciphertext.subarray(BLOCK), start);
    before = ciphertext.subarray(-BLOCK);
  }
}
