import { randomBytes } from 'node:crypto';
import type { ObjectAttributes } from './key-uri.ts';
import type { SecretKeySummary, TokenCalls } from './messages.ts';
import { attempt, codeOf, FaultError, type Handle, type Opened } from './module.ts';
import { describedIn, describeKey, findOne, type KeyKind, mustBeNew } from './objects.ts';

/** Keys for AES-GCM in a token, which wrap other keys. They are 256 bits long. */

const SECRET_KEY: KeyKind = {
  class: 'CKO_SECRET_KEY',
  name: 'secret key',
  createdBy: 'esim secrets create-key',
};
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** The one secret key with these attributes. */
export function findSecretKey(
  opened: Opened,
  which: ObjectAttributes,
): SecretKeySummary & { readonly key: Handle } {
  const key = findOne(opened, SECRET_KEY, which);
  const found = describedIn(opened, key);
  if (found.id.length === 0)
    throw new FaultError(
      'setting',
      `the secret key with ${describeKey(which)} in the token '${opened.label}' has no id: set its CKA_ID`,
    );
  return { ...found, key };
}

/** Creates a key for AES-256 that cannot leave the token. */
export function generateSecretKey(
  opened: Opened,
  { object, id }: TokenCalls['generateSecret']['request'],
): SecretKeySummary {
  const { pkcs11, module, session, label } = opened;
  mustBeNew(opened, SECRET_KEY, { object, id });
  attempt(`the token '${label}' creates no key for AES`, () =>
    module.C_GenerateKey(session, { mechanism: pkcs11.CKM_AES_KEY_GEN }, [
      { type: pkcs11.CKA_CLASS, value: pkcs11.CKO_SECRET_KEY },
      { type: pkcs11.CKA_KEY_TYPE, value: pkcs11.CKK_AES },
      { type: pkcs11.CKA_VALUE_LEN, value: KEY_BYTES },
      { type: pkcs11.CKA_TOKEN, value: true },
      { type: pkcs11.CKA_PRIVATE, value: true },
      { type: pkcs11.CKA_SENSITIVE, value: true },
      { type: pkcs11.CKA_EXTRACTABLE, value: false },
      { type: pkcs11.CKA_ENCRYPT, value: true },
      { type: pkcs11.CKA_DECRYPT, value: true },
      { type: pkcs11.CKA_LABEL, value: object },
      { type: pkcs11.CKA_ID, value: Buffer.from(id) },
    ]),
  );
  return findSecretKey(opened, { object, id });
}

/** CKM_AES_GCM: the nonce, the ciphertext and the tag. */
export function encrypt(
  opened: Opened,
  { text, associated, ...which }: TokenCalls['encrypt']['request'],
): Uint8Array {
  const { module, session, label } = opened;
  const { key } = findSecretKey(opened, which);
  const nonce = randomBytes(NONCE_BYTES);
  const result = attempt(`the token '${label}' does not encrypt with CKM_AES_GCM`, () => {
    module.C_EncryptInit(session, mechanism(opened, nonce, associated), key);
    return module.C_Encrypt(session, Buffer.from(text), Buffer.alloc(text.length + TAG_BYTES));
  });
  return Uint8Array.from([...nonce, ...result]);
}

/** The text of what `encrypt` returned. A fault of kind `setting`: it was changed, or encrypted with another key or for another place. */
export function decrypt(
  opened: Opened,
  { encrypted, associated, ...which }: TokenCalls['decrypt']['request'],
): Uint8Array {
  const { module, session, label } = opened;
  const { key } = findSecretKey(opened, which);
  const nonce = Buffer.from(encrypted.subarray(0, NONCE_BYTES));
  attempt(`the token '${label}' does not decrypt with CKM_AES_GCM`, () =>
    module.C_DecryptInit(session, mechanism(opened, nonce, associated), key),
  );
  try {
    const text = Buffer.from(encrypted.subarray(NONCE_BYTES));
    return Uint8Array.from(module.C_Decrypt(session, text, Buffer.alloc(text.length)));
  } catch (error) {
    if (LOST.test(codeOf(error)))
      throw new FaultError('lost', `the token '${label}' is lost (${codeOf(error)})`);
    throw new FaultError(
      'setting',
      `the key with ${describeKey(which)} in the token '${label}' does not open it (${codeOf(error)}): it is another key with the same name, or the value was changed`,
    );
  }
}

/** Tokens differ in how they say that a tag is wrong, and agree in how they say that they are gone. */
const LOST = /CKR_(DEVICE_|TOKEN_|SESSION_|USER_NOT_LOGGED_IN|HOST_MEMORY|CRYPTOKI_)/;

function mechanism({ pkcs11 }: Opened, iv: Buffer, associated: Uint8Array) {
  return {
    mechanism: pkcs11.CKM_AES_GCM,
    parameter: {
      type: pkcs11.CK_PARAMS_AES_GCM,
      iv,
      ivBits: NONCE_BYTES * 8,
      aad: Buffer.from(associated),
      tagBits: TAG_BYTES * 8,
    },
  };
}
