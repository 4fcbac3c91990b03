import { createHmac } from 'node:crypto';

/** HMAC-SHA-256 (RFC 2104) of the joined parts: 32 octets. */
export function hmacSha256(key: Uint8Array, ...parts: Uint8Array[]): Uint8Array {
  const hmac = createHmac('sha256', key);
  for (const part of parts) hmac.update(part);
  return hmac.digest();
}
