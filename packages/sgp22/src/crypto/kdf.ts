import { hash } from 'node:crypto';
import { concat } from '@esim-rsp/codec';
import { cmac } from './cmac.ts';

const HASH_LENGTH = 32;

/** X9.63 key derivation with SHA-256 (TR-03111 4.3.3): `length` octets from a shared secret and SharedInfo. */
export function x963Kdf(sharedSecret: Uint8Array, sharedInfo: Uint8Array, length: number): Uint8Array {
  const input = new Uint8Array(sharedSecret.length + 4 + sharedInfo.length);
  input.set(sharedSecret);
  input.set(sharedInfo, sharedSecret.length + 4);
  const counter = new DataView(input.buffer, sharedSecret.length, 4);
  const derived = new Uint8Array(HASH_LENGTH * Math.ceil(length / HASH_LENGTH));
  for (let i = 0; i * HASH_LENGTH < length; i++) {
    counter.setUint32(0, i + 1);
    derived.set(hash('sha256', input, 'buffer'), i * HASH_LENGTH);
  }
  return derived.subarray(0, length);
}

const CMAC_LENGTH = 16;

/**
 * Key derivation in counter mode with AES-128-CMAC (NIST SP 800-108r1 4.1): `length` octets for a use and a context, in
 * blocks of CMAC([i]32 | label | 00 | context | [bits]32). The result equals that of `openssl kdf … KBKDF`.
 */
export function counterKdf(key: Uint8Array, label: string, context: string, length: number): Uint8Array {
  const use = new TextEncoder().encode(`${label}\0${context}`);
  const blocks = Array.from({ length: Math.ceil(length / CMAC_LENGTH) }, (_, i) =>
    cmac(key, concat(encodeUint32(i + 1), use, encodeUint32(length * 8))),
  );
  return concat(...blocks).subarray(0, length);
}

function encodeUint32(value: number): Uint8Array {
  const octets = new Uint8Array(4);
  new DataView(octets.buffer).setUint32(0, value);
  return octets;
}
