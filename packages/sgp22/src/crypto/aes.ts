import { createCipheriv, createDecipheriv } from 'node:crypto';

/** AES works on blocks of 16 octets. */
export const BLOCK = 16;

/** Sixteen zero octets: the initial value zero. */
export const ZERO_BLOCK: Uint8Array = new Uint8Array(BLOCK);

/**
 * AES-128-CBC without padding, from IV zero. Each call of the returned function continues the chain of the previous call.
 * A call costs more than its bytes: pass many blocks at once.
 */
export function cbcEncryptor(key: Uint8Array): (blocks: Uint8Array) => Uint8Array {
  const cipher = createCipheriv('aes-128-cbc', key, ZERO_BLOCK).setAutoPadding(false);
  return (blocks) => {
    mustBeBlocks(blocks);
    return cipher.update(blocks);
  };
}

/** AES-128-CBC decryption of whole blocks, without removal of padding. */
export function cbcDecrypt(key: Uint8Array, iv: Uint8Array, blocks: Uint8Array): Uint8Array {
  mustBeBlocks(blocks);
  return createDecipheriv('aes-128-cbc', key, iv).setAutoPadding(false).update(blocks);
}

/** AES-128-ECB. Only for initial values and subkeys. */
export function encryptBlocks(key: Uint8Array, blocks: Uint8Array): Uint8Array {
  mustBeBlocks(blocks);
  return createCipheriv('aes-128-ecb', key, null).setAutoPadding(false).update(blocks);
}

/** target[at …] ^= block */
export function xorInto(target: Uint8Array, at: number, block: Uint8Array): void {
  for (let i = 0; i < BLOCK; i++) target[at + i] = (target[at + i] as number) ^ (block[i] as number);
}

function mustBeBlocks(blocks: Uint8Array): void {
  if (blocks.length % BLOCK !== 0)
    throw new RangeError(`AES works on whole blocks of ${BLOCK} bytes, not on ${blocks.length} bytes`);
}
