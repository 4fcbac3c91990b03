import { createCipheriv, createDecipheriv, type KeyObject, randomFillSync } from 'node:crypto';

/**
 * A sealed value: the mark, of which the last octet is the number of this format, four octets with the id of the data key, the nonce, the ciphertext of
 * AES-256-GCM, and its tag. No value that was stored before begins with the mark: packages are DER, and the others are random.
 */
const MARK = Buffer.from([0xe5, 0x1f, 0x5e, 0xa1, 0xed, 0x01]);
const ID = 4;
const NONCE = 12;
const TAG = 16;
const NONCE_AT = MARK.length + ID;
const TEXT_AT = NONCE_AT + NONCE;

/** A sealed text. JSON, PEM, and MatchingIDs do not begin with this. */
const TEXT_MARK = '~sealed:';

/** The key of a value, and its id. */
export type ValueKey = { readonly id: number; readonly key: KeyObject };

export function sealBytes({ id, key }: ValueKey, place: string, value: Uint8Array): Uint8Array {
  const sealed = Buffer.allocUnsafeSlow(TEXT_AT + value.length + TAG);
  MARK.copy(sealed);
  sealed.writeUInt32BE(id, MARK.length);
  const nonce = takeNonce();
  sealed.set(nonce, NONCE_AT);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(Buffer.from(place));
  sealed.set(cipher.update(value), TEXT_AT);
  cipher.final();
  sealed.set(cipher.getAuthTag(), TEXT_AT + value.length);
  return sealed;
}

export function sealText(key: ValueKey, place: string, text: string): string {
  return TEXT_MARK + Buffer.from(sealBytes(key, place, Buffer.from(text))).toString('base64');
}

/** A value that was stored before values were sealed is returned as it is. Throws for one that was changed, or moved from another place. */
export function openBytes(keyOf: (id: number) => KeyObject, place: string, value: Uint8Array): Uint8Array {
  const id = keyIdOf(value);
  if (id === undefined) return value;
  const decipher = createDecipheriv('aes-256-gcm', keyOf(id), value.subarray(NONCE_AT, TEXT_AT));
  decipher.setAAD(Buffer.from(place));
  decipher.setAuthTag(value.subarray(-TAG));
  const opened = decipher.update(value.subarray(TEXT_AT, -TAG));
  try {
    decipher.final();
  } catch {
    throw new Error('it was sealed for another place, or changed');
  }
  return new Uint8Array(opened.buffer, opened.byteOffset, opened.length);
}

export function openText(keyOf: (id: number) => KeyObject, place: string, value: string): string {
  if (!value.startsWith(TEXT_MARK)) return value;
  const bytes = Buffer.from(value.slice(TEXT_MARK.length), 'base64');
  if (keyIdOf(bytes) === undefined) throw new Error('it is not a sealed value');
  return Buffer.from(openBytes(keyOf, place, bytes)).toString();
}

/** The id of the data key of a sealed value; undefined: the value is not sealed. */
export function keyIdOf(value: Uint8Array | string): number | undefined {
  if (typeof value === 'string')
    return value.startsWith(TEXT_MARK)
      ? keyIdOf(Buffer.from(value.slice(TEXT_MARK.length, TEXT_MARK.length + 24), 'base64'))
      : undefined;
  if (value.length < NONCE_AT || !MARK.every((octet, i) => value[i] === octet)) return undefined;
  return new DataView(value.buffer, value.byteOffset).getUint32(MARK.length);
}

/** Random octets come from the system in larger portions: a call for each nonce would take as long as the cipher. */
const nonces = Buffer.alloc(NONCE * 256);
let nextNonce = nonces.length;

function takeNonce(): Uint8Array {
  if (nextNonce === nonces.length) {
    randomFillSync(nonces);
    nextNonce = 0;
  }
  nextNonce += NONCE;
  return nonces.subarray(nextNonce - NONCE, nextNonce);
}
