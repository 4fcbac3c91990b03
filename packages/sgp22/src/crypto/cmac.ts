import { BLOCK, cbcEncryptor, xorInto, ZERO_BLOCK } from './aes.ts';

type Subkeys = { readonly k1: Uint8Array; readonly k2: Uint8Array };

/** AES-128-CMAC (RFC 4493 2.4): 16 octets. */
export function cmac(key: Uint8Array, message: Uint8Array): Uint8Array {
  const cbc = cbcEncryptor(key);
  const l = cbc(ZERO_BLOCK);
  const blocks = new Uint8Array(Math.max(BLOCK, wholeBlocks(message.length)));
  blocks.set(message);
  finish(blocks, 0, message.length, subkeysOf(l));
  xorInto(blocks, 0, l); // cancels the state that making L left
  return cbc(blocks).subarray(-BLOCK);
}

/**
 * CMACs that run through a list of messages, each over the MAC before it and the message: C = CMAC(key, C before | message).
 * One pass of CBC makes them all. After the last block of a message the CBC state is its CMAC, and a block of zeros
 * encrypts that state just as if it stood at the head of the next message.
 */
export function cmacChain(key: Uint8Array, chain: Uint8Array, messages: readonly Uint8Array[]): Uint8Array[] {
  if (messages.length === 0) return [];
  const cbc = cbcEncryptor(key);
  const l = cbc(ZERO_BLOCK);
  const subkeys = subkeysOf(l);
  const blocks = new Uint8Array(messages.reduce((sum, { length }) => sum + BLOCK + wholeBlocks(length), 0));
  const ends: number[] = [];
  let at = 0;
  for (const message of messages) {
    blocks.set(message, at + BLOCK);
    finish(blocks, at, BLOCK + message.length, subkeys);
    at += BLOCK + wholeBlocks(message.length);
    ends.push(at);
  }
  xorInto(blocks, 0, chain);
  xorInto(blocks, 0, l); // cancels the state that making L left
  const encrypted = cbc(blocks);
  return ends.map((end) => encrypted.subarray(end - BLOCK, end));
}

function wholeBlocks(length: number): number {
  return BLOCK * Math.ceil(length / BLOCK);
}

/** The last block of a message gets its padding and its subkey (RFC 4493 2.4, steps 4 and 5). */
function finish(blocks: Uint8Array, start: number, length: number, { k1, k2 }: Subkeys): void {
  const whole = length > 0 && length % BLOCK === 0;
  if (!whole) blocks[start + length] = 0x80;
  xorInto(blocks, start + Math.max(BLOCK, wholeBlocks(length)) - BLOCK, whole ? k1 : k2);
}

/** Subkeys from L = AES(key, 0) (RFC 4493 2.3). */
function subkeysOf(l: Uint8Array): Subkeys {
  const k1 = doubled(l);
  return { k1, k2: doubled(k1) };
}

/** Multiplication by x in GF(2^128): a shift to the left, and 87 added when a bit falls out. */
function doubled(block: Uint8Array): Uint8Array {
  const result = new Uint8Array(BLOCK);
  for (let i = 0; i < BLOCK; i++) result[i] = ((block[i] as number) << 1) | ((block[i + 1] ?? 0) >> 7);
  const last = BLOCK - 1;
  result[last] = (result[last] as number) ^ (((block[0] as number) >> 7) * 0x87);
  return result;
}
