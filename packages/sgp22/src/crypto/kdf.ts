import { hash } from 'node:crypto';

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
