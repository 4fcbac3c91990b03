import { sha256 } from '../crypto/digest.ts';

/** SHA-256 of the confirmation code: the only form that an SM-DP+ stores (SGP.22 3.1.3.2). */
export function confirmationCodeHash(code: string): Uint8Array {
  return sha256(new TextEncoder().encode(code));
}

/** hashCc = SHA256(SHA256(code) | transactionId): the value that the LPA sends (5.7.5). */
export function hashCc(codeHash: Uint8Array, transactionId: Uint8Array): Uint8Array {
  return sha256(codeHash, transactionId);
}
