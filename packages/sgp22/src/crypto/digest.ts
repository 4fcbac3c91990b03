import { hash, timingSafeEqual } from 'node:crypto';
import { concat } from '@esim-rsp/codec';

/** SHA-256 of the joined parts. It comes as a text of octets, because memory for an array of its own costs as much as the digest. */
export function sha256(...parts: Uint8Array[]): Uint8Array {
  const octets = hash('sha256', parts.length === 1 ? (parts[0] as Uint8Array) : concat(...parts), 'binary');
  return Buffer.from(octets, 'binary');
}

/** SHA-1, only for key identifiers (RFC 5280 4.2.1.2). */
export function sha1(bytes: Uint8Array): Uint8Array {
  return hash('sha1', bytes, 'buffer');
}

/** Compares secrets in a time that depends on their length only. */
export function sameSecret(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
