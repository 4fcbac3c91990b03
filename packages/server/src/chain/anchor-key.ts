import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hash,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The key of a data folder that signs anchors. A backup does not have it: who has a backup cannot sign. */
const KEY_FILE = 'audit-key.pem';

export type AnchorKey = PublicAnchorKey & { readonly sign: (text: string) => string };

export type PublicAnchorKey = {
  /** From the key itself. */
  readonly id: string;
  readonly pem: string;
  readonly verify: (text: string, signature: string) => boolean;
};

/** Reads the key of a data folder, or creates one that only the owner can read. */
export function openAnchorKey(folder: string): AnchorKey {
  const known = readAnchorKey(folder);
  if (known !== undefined) return known;
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  writeFileSync(join(folder, KEY_FILE), pem, { mode: 0o600, flag: 'wx', flush: true });
  return keyOf(privateKey);
}

/** undefined: no server has started with this folder. */
export function readAnchorKey(folder: string): AnchorKey | undefined {
  try {
    return keyOf(createPrivateKey(readFileSync(join(folder, KEY_FILE))));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Error(`${join(folder, KEY_FILE)} cannot be used: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

const PEM = /-----BEGIN PUBLIC KEY-----[\s\S]+?-----END PUBLIC KEY-----/g;

/** All public keys of a PEM text. Throws for one that is not of P-256. */
export function readPublicKeys(text: string): readonly PublicAnchorKey[] {
  return (text.match(PEM) ?? []).map((pem) => publicKeyOf(createPublicKey(pem)));
}

function keyOf(key: KeyObject): AnchorKey {
  return {
    ...publicKeyOf(createPublicKey(key)),
    sign: (text) => sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64'),
  };
}

function publicKeyOf(key: KeyObject): PublicAnchorKey {
  if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') throw new Error('a key on P-256 is expected');
  const pem = key.export({ type: 'spki', format: 'pem' }) as string;
  const id = hash('sha256', key.export({ type: 'spki', format: 'der' }), 'hex').slice(0, 16);
  return {
    id,
    pem,
    verify: (text, signature) =>
      verify(
        'sha256',
        Buffer.from(text),
        { key, dsaEncoding: 'ieee-p1363' },
        Buffer.from(signature, 'base64'),
      ),
  };
}
