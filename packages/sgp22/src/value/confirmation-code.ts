import { sha256 } from '../crypto/digest.ts';

/** SHA-256 of the confirmation code: all that an SM-DP+ keeps of it (SGP.22 3.1.3.2). */
export function confirmationCodeHash(code: string): Uint8Array {
  return sha256(new TextEncoder().encode(code));
}

/** hashCc = SHA256(SHA256(code) | transactionId): what the LPA sends (5.7.5). */
export function hashCc(codeHash: Uint8Array, transactionId: Uint8Array): Uint8Array {
  return sha256(codeHash, transactionId);
}
