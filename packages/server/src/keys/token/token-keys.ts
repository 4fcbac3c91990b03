import { sha256 } from '@esim-rsp/sgp22/crypto/digest';
import { importVerifyingKey, type KeyPair, KeyUnavailable, spkiOf } from '@esim-rsp/sgp22/crypto/ecdsa';
import {
  type FoundReference,
  filesOfRole,
  PkiError,
  type PkiFiles,
  type TokenKey,
} from '@esim-rsp/sgp22/pki/files';
import type { Role } from '@esim-rsp/sgp22/pki/roles';
import { type KeyUri, KeyUriError, type ObjectAttributes, parseKeyUri } from './key-uri.ts';
import { TokenError } from './process.ts';
import { createToken, type Token, type TokenLog, type TokenSettings, tokenOf } from './token.ts';

/** The keys of a PKI folder that are in tokens. */
export type TokenKeys = {
  readonly keys: readonly TokenKey[];
  /** Why tokens cannot be used at this moment, a sentence each. */
  problems(): readonly string[];
  close(): void;
};

/** For a PKI whose keys are all in files. */
export const noTokenKeys: TokenKeys = { keys: [], problems: () => [], close: () => undefined };

/** The roles whose keys may be in a token. */
const ROLES = ['dp-auth', 'dp-pb'] as const satisfies readonly Role[];

type Reference = FoundReference & { readonly role: Role; readonly key: KeyUri };

/** The references of a PKI folder. Throws a PkiError that names the file. */
export function readReferences(files: PkiFiles): readonly Reference[] {
  return ROLES.flatMap((role) =>
    filesOfRole(files, role).references.map((found) => {
      try {
        return { ...found, role, key: parseKeyUri(found.uri) };
      } catch (error) {
        if (error instanceof KeyUriError)
          throw new PkiError(`${found.path} cannot be used: ${error.message}`);
        throw error;
      }
    }),
  );
}

/**
 * Opens the tokens that the references of a PKI folder name, finds their keys, and lets each key sign once, so that what is wrong shows at the
 * start. Throws a PkiError that names the file; its cause is the TokenError.
 */
export async function openTokenKeys(
  files: PkiFiles,
  settings: TokenSettings,
  log?: TokenLog,
): Promise<TokenKeys> {
  const references = readReferences(files);
  if (references.length === 0) return noTokenKeys;
  const tokens = new Map<string, Token>();
  let isOpen = false; // before, what is wrong is thrown
  const openFor = (uri: KeyUri): Token => {
    const place = tokenOf(uri);
    const id = JSON.stringify(place);
    const token =
      tokens.get(id) ??
      createToken({ ...settings, ...place, log: (level, message) => isOpen && log?.(level, message) });
    tokens.set(id, token);
    return token;
  };
  const close = () => {
    for (const token of tokens.values()) token.close();
  };
  try {
    const keys: TokenKey[] = [];
    for (const { path, role, key: uri } of references)
      keys.push({ path, role, key: await namingFile(path, findTokenKey(openFor(uri), uri)) });
    isOpen = true;
    const problems = () => [...tokens.values()].flatMap((token) => token.problem() ?? []);
    return { keys, problems, close };
  } catch (error) {
    close();
    throw error;
  }
}

async function namingFile<T>(path: string, result: Promise<T>): Promise<T> {
  try {
    return await result;
  } catch (error) {
    if (error instanceof TokenError)
      throw new PkiError(`the key of ${path} cannot be used: ${error.message}`, { cause: error });
    throw error;
  }
}

/** The key that a URI names, after it has signed something. */
export async function findTokenKey(token: Token, { object, id }: ObjectAttributes): Promise<KeyPair> {
  const which = { ...(object !== undefined && { object }), ...(id !== undefined && { id }) };
  const { curve, point } = await token.call('find', which);
  const verifyingKey = importVerifyingKey(spkiOf(curve, point));
  const key: KeyPair = {
    curve,
    verifyingKey,
    sign: async (...parts) => {
      const digest = sha256(...parts);
      try {
        return await token.call('sign', { ...which, point, digest });
      } catch (error) {
        throw error instanceof TokenError ? new KeyUnavailable(error.message, { cause: error }) : error;
      }
    },
  };
  await trySigning(key);
  return key;
}

/** The private key and the public key of a token are two objects, which may not belong together. */
async function trySigning(key: KeyPair): Promise<void> {
  const text = new TextEncoder().encode('esim-rsp tries this key');
  let signature: Uint8Array;
  try {
    signature = await key.sign(text);
  } catch (error) {
    throw (error as Error).cause instanceof TokenError ? (error as Error).cause : error;
  }
  if (!key.verifyingKey.verify(signature, text))
    throw new TokenError(
      'setting',
      'the private key and the public key with the same id in the token do not belong together',
    );
}
