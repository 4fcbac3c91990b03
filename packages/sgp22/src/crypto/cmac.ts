import { BLOCK, cbcEncryptor, xorInto, ZERO_BLOCK } from './aes.ts';

type Subkeys = { readonly k1: Uint8Array; readonly k2: Uint8Array };

/** AES-128-CMAC (RFC 4493 2.4): 16 octets. */
export function cmac(key: Uint8Array, message: Uint8Array): Uint8Array {
  const cbc = cbcEncryptor(key);
  const l = cbc(ZERO_BLOCK);
  const blocks = new Uint8Array(Math.max(BLOCK, roundUpToBlocks(message.length)));
  blocks.set(message);
  padLastBlock(blocks, 0, message.length, deriveSubkeys(l));
  xorInto(blocks, 0, l); // cancels the cipher state that the computation of L left
  return cbc(blocks).subarray(-BLOCK);
}

/** Chained CMACs: each is computed over the previous MAC and the message, C = CMAC(key, previous C | message). */
export function cmacChain(key: Uint8Array, chain: Uint8Array, messages: readonly Uint8Array[]): Uint8Array[] {
  if (messages.length === 0) return [];
  const room = allocateChain(messages.map(({ length }) => length));
  for (const [i, message] of messages.entries()) room.blocks.set(message, room.starts[i]);
  return computeCmacs(key, chain, room);
}

/** A buffer for the messages of a chain: a block of zeros before each message, and padding to whole blocks after it. `starts`: offsets of the messages in `blocks`. */
export type ChainBuffer = {
  readonly blocks: Uint8Array;
  readonly starts: readonly number[];
  readonly lengths: readonly number[];
};

/** Allocates a buffer for messages of these lengths. The caller writes them at `starts`. */
export function allocateChain(lengths: readonly number[]): ChainBuffer {
  let end = 0;
  const starts = lengths.map((length) => {
    const start = end + BLOCK;
    end = start + roundUpToBlocks(length);
    return start;
  });
  return { blocks: new Uint8Array(end), starts, lengths };
}

/**
 * The CMACs of a chain of at least one message; overwrites the last block of each message. One pass of CBC computes them all:
 * after the last block of a message the CBC state is its CMAC, and a following block of zeros encrypts this state as if it
 * were the first block of the next message.
 */
export function computeCmacs(
  key: Uint8Array,
  chain: Uint8Array,
  { blocks, starts, lengths }: ChainBuffer,
): Uint8Array[] {
  const cbc = cbcEncryptor(key);
  const l = cbc(ZERO_BLOCK);
  const subkeys = deriveSubkeys(l);
  for (const [i, start] of starts.entries())
    padLastBlock(blocks, start - BLOCK, BLOCK + (lengths[i] as number), subkeys);
  xorInto(blocks, 0, chain);
  xorInto(blocks, 0, l); // cancels the cipher state that the computation of L left
  const { buffer, byteOffset, length } = cbc(blocks);
  const encrypted = new Uint8Array(buffer, byteOffset, length); // creating views of a Buffer is slower
  return starts.map((start, i) => {
    const end = start + roundUpToBlocks(lengths[i] as number);
    return encrypted.subarray(end - BLOCK, end);
  });
}

function roundUpToBlocks(length: number): number {
  return BLOCK * Math.ceil(length / BLOCK);
}

/** Adds padding and subkey to the last block of a message (RFC 4493 2.4, steps 4 and 5). */
function padLastBlock(blocks: Uint8Array, start: number, length: number, { k1, k2 }: Subkeys): void {
  const whole = length > 0 && length % BLOCK === 0;
  if (!whole) blocks[start + length] = 0x80;
  xorInto(blocks, start + Math.max(BLOCK, roundUpToBlocks(length)) - BLOCK, whole ? k1 : k2);
}

/** Subkeys from L = AES(key, 0) (RFC 4493 2.3). */
function deriveSubkeys(l: Uint8Array): Subkeys {
  const k1 = doubleBlock(l);
  return { k1, k2: doubleBlock(k1) };
}

/** Multiplication by x in GF(2^128): a left shift, then XOR with 87 if the highest bit was 1. */
function doubleBlock(block: Uint8Array): Uint8Array {
  const result = new Uint8Array(BLOCK);
  for (let i = 0; i < BLOCK; i++) result[i] = ((block[i] as number) << 1) | ((block[i + 1] ?? 0) >> 7);
  const last = BLOCK - 1;
  result[last] = (result[last] as number) ^ (((block[0] as number) >> 7) * 0x87);
  return result;
}
