import { createCipheriv, createDecipheriv, hash, randomBytes } from 'node:crypto';

const NONCE = 12;
const TAG = 16;

/** Seals a text so that only who holds the secret can read it: AES-256-GCM under a key that is derived from the secret. */
export function seal(text: string, secret: string): Uint8Array {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv('aes-256-gcm', keyOf(secret), nonce);
  return Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
}

/** The text again; undefined where the secret is another one, or the bytes were changed. */
export function unseal(sealed: Uint8Array, secret: string): string | undefined {
  try {
    const decipher = createDecipheriv('aes-256-gcm', keyOf(secret), sealed.subarray(0, NONCE));
    decipher.setAuthTag(sealed.subarray(-TAG));
    const text = Buffer.concat([decipher.update(sealed.subarray(NONCE, -TAG)), decipher.final()]);
    return text.toString('utf8');
  } catch {
    return undefined;
  }
}

function keyOf(secret: string): Buffer {
  return hash('sha256', `seal of answers ${secret}`, 'buffer');
}
