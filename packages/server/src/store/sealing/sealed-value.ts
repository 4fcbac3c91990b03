import { createCipheriv, createDecipheriv, type KeyObject, randomFillSync } from 'node:crypto';

/**
 * A sealed value: the mark, of which the last octet is the number of this format, four octets with the id of the data key, the nonce, the ciphertext of
 * AES-256-GCM, and its tag. No value that was stored before begins with the mark: packages are DER, and the others are random.
 */
const [MARK, MARK_END] = [0xe51f5ea1, 0xed01]; // as numbers, which are compared with less work than octets
const [MARK_END_AT, ID_AT, NONCE_AT] = [4, 6, 10];
const NONCE = 12;
const TAG = 16;
const TEXT_AT = NONCE_AT + NONCE;
/** No shorter tag is accepted. */
const WHOLE_TAG = { authTagLength: TAG };

/** A sealed text. JSON, PEM, and MatchingIDs do not begin with this. */
const TEXT_MARK = '~sealed:';

const NOT_SEALED = 'it is not a sealed value';

/** How sealed bytes and texts begin. */
export const SEALED_MARKS = { bytes: octetsOfMark(), text: TEXT_MARK } as const;

/** The key of a value, and its id. */
export type ValueKey = { readonly id: number; readonly key: KeyObject };

export function sealBytes({ id, key }: ValueKey, place: string, value: Uint8Array): Buffer {
  const sealed = Buffer.allocUnsafe(TEXT_AT + value.length + TAG);
  writeHead(sealed, id);
  const nonce = takeNonce();
  sealed.set(nonce, NONCE_AT);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(Buffer.from(place));
  sealed.set(cipher.update(value), TEXT_AT);
  cipher.final();
  sealed.set(cipher.getAuthTag(), TEXT_AT + value.length);
  return sealed;
}

/** What every sealed value of bytes begins with. */
function octetsOfMark(): Uint8Array {
  const head = Buffer.alloc(NONCE_AT);
  writeHead(head, 0);
  return new Uint8Array(head.subarray(0, ID_AT));
}

function writeHead(sealed: Buffer, id: number): void {
  sealed.writeUInt32BE(MARK);
  sealed.writeUInt16BE(MARK_END, MARK_END_AT);
  sealed.writeUInt32BE(id, ID_AT);
}

export function sealText(key: ValueKey, place: string, text: string): string {
  return TEXT_MARK + sealBytes(key, place, Buffer.from(text)).toString('base64');
}

/** The same, of what another program has encrypted: the nonce, the ciphertext and the tag. */
export function frameSealed(id: number, encrypted: Uint8Array): Uint8Array {
  const sealed = Buffer.alloc(NONCE_AT + encrypted.length);
  writeHead(sealed, id);
  sealed.set(encrypted, NONCE_AT);
  return Uint8Array.from(sealed);
}

/** What `frameSealed` was called with. Throws for a value that is not sealed. */
export function unframeSealed(sealed: Uint8Array): Uint8Array {
  if (keyIdOf(sealed) === undefined) throw new Error(NOT_SEALED);
  return sealed.subarray(NONCE_AT);
}

/** A value that was stored before values were sealed is returned as it is. Throws for one that was changed, or moved from another place. */
export function openBytes(keyOf: (id: number) => KeyObject, place: string, value: Uint8Array): Uint8Array {
  const id = keyIdOf(value);
  if (id === undefined) return value;
  const opened = decipher(keyOf(id), place, partsOf(value));
  return new Uint8Array(opened.buffer, opened.byteOffset, opened.length);
}

type Parts = {
  readonly sealed: Uint8Array;
  readonly nonce: Uint8Array;
  readonly ciphertext: Uint8Array;
  readonly tag: Uint8Array;
};

function partsOf(sealed: Uint8Array): Parts {
  if (sealed.length < TEXT_AT + TAG) throw new Error(NOT_SEALED);
  return {
    sealed,
    nonce: sealed.subarray(NONCE_AT, TEXT_AT),
    ciphertext: sealed.subarray(TEXT_AT, -TAG),
    tag: sealed.subarray(-TAG),
  };
}

function decipher(key: KeyObject, place: string, { nonce, ciphertext, tag }: Parts): Buffer {
  const one = createDecipheriv('aes-256-gcm', key, nonce, WHOLE_TAG);
  one.setAAD(Buffer.from(place));
  one.setAuthTag(tag);
  const opened = one.update(ciphertext);
  try {
    one.final();
  } catch {
    throw new Error('it was sealed for another place, or changed');
  }
  return opened;
}

/** Whether a text may be a sealed one: no other text has this beginning. */
export function isSealedText(value: string): boolean {
  return value.startsWith(TEXT_MARK);
}

export function openText(keyOf: (id: number) => KeyObject, place: string, value: string): string {
  if (!isSealedText(value)) return value;
  const parts = decode(value.slice(TEXT_MARK.length));
  const id = keyIdOf(parts.sealed);
  if (id === undefined) throw new Error(NOT_SEALED);
  return decipher(keyOf(id), place, parts).toString();
}

/** Short texts, such as those of MatchingIDs, are decoded here, each in the place of the one before; the parts of each length are made once. */
const short = Buffer.alloc(192);
const partsOfShort: Parts[] = [];

function decode(base64: string): Parts {
  if (base64.length > (short.length / 3) * 4) return partsOf(Buffer.from(base64, 'base64'));
  const length = short.write(base64, 'base64');
  const parts = partsOfShort[length] ?? partsOf(short.subarray(0, length));
  partsOfShort[length] = parts;
  return parts;
}

/** The id of the data key of a sealed value; undefined: the value is not sealed. */
export function keyIdOf(value: Uint8Array | string): number | undefined {
  if (typeof value === 'string')
    return isSealedText(value)
      ? keyIdOf(Buffer.from(value.slice(TEXT_MARK.length, TEXT_MARK.length + 24), 'base64'))
      : undefined;
  if (value.length < NONCE_AT) return undefined;
  const view = new DataView(value.buffer, value.byteOffset);
  if (view.getUint32(0) !== MARK || view.getUint16(MARK_END_AT) !== MARK_END) return undefined;
  return view.getUint32(ID_AT);
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
