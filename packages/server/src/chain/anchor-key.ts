import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hash,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { plainKeysIn } from '@esim-rsp/sgp22/pki/sealed-key';
import { replaceFile } from '../keys/pki-directory.ts';
import { openKeysIn, trySealKey } from '../keys/sealed-keys.ts';
import type { FileSealing } from '../store/ports/secrets/secret-store.ts';

/** The key of a data folder that signs anchors. */
export const KEY_FILE = 'audit-key.pem';

export type AnchorKey = PublicAnchorKey & { readonly sign: (text: string) => string };

export type PublicAnchorKey = {
  /** From the key itself. */
  readonly id: string;
  readonly pem: string;
  readonly verify: (text: string, signature: string) => boolean;
};

/** Reads the key of a data folder, or creates one that only the owner can read. It is sealed, and so is one that was not, as soon as the database seals. */
export async function openAnchorKey(folder: string, sealing: FileSealing): Promise<AnchorKey> {
  const path = join(folder, KEY_FILE);
  const stored = readKeyFile(path);
  const { privateKey } =
    stored === undefined
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : await opened(path, stored, sealing);
  if (stored === undefined || plainKeysIn(stored).length > 0) {
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
    const sealed = await trySealKey(pem, sealing);
    if (stored === undefined || sealed !== undefined) await replaceFile(path, sealed ?? pem);
  }
  return keyOf(privateKey);
}

async function opened(path: string, content: Uint8Array, sealing: FileSealing) {
  const plain = await openKeysIn(path, content, sealing);
  return { privateKey: usable(path, () => createPrivateKey(Buffer.from(plain))) };
}

/** The public key of a data folder, which is not sealed. undefined: no server has started with this folder. */
export function readAnchorKey(folder: string): PublicAnchorKey | undefined {
  const path = join(folder, KEY_FILE);
  const content = readKeyFile(path);
  return content && usable(path, () => publicKeyOf(createPublicKey(content)));
}

function readKeyFile(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Error(`${path} cannot be used: ${(error as Error).message}`, { cause: error });
  }
}

function usable<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new Error(`${path} cannot be used: ${(error as Error).message}`, { cause: error });
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
