import { toBase64 } from '@esim-rsp/codec';
import { importSigningKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import {
  type FoundSealed,
  filesOfRole,
  PkiError,
  type PkiFiles,
  readNamingFile,
} from '@esim-rsp/sgp22/pki/files';
import { type Role, roles } from '@esim-rsp/sgp22/pki/roles';
import {
  formatSealedKey,
  plainKeysIn,
  replacePlainKeys,
  replaceSealedKeys,
  type SealedKey,
  sealedKeysIn,
} from '@esim-rsp/sgp22/pki/sealed-key';
import type { FileSealing } from '../store/ports/secrets/secret-store.ts';

/** A sealed key is bound to its public key, so it can be opened under any name, and never in the place of another key. */
function placeOf(spki: Uint8Array): string {
  return `private key of ${toBase64(spki)}`;
}

/** A private key in PEM as a sealed one in PEM. undefined: the database seals nothing yet. */
export async function trySealKey(pem: string, sealing: FileSealing): Promise<string | undefined> {
  const { spki } = importSigningKey(pem).verifyingKey;
  const sealed = await sealing.sealForFile(placeOf(spki), new TextEncoder().encode(pem));
  return sealed && formatSealedKey({ spki, sealed });
}

/** The same; throws a PkiError if the database seals nothing yet. */
export async function sealKey(pem: string, sealing: FileSealing): Promise<string> {
  const sealed = await trySealKey(pem, sealing);
  if (sealed !== undefined) return sealed;
  throw new PkiError(
    "the secrets of the database are not sealed yet: when all servers have this release, run 'esim secrets seal'",
  );
}

/** The content of a file with its sealed keys opened. Throws a PkiError that names the file. */
export async function openKeysIn(
  path: string,
  content: Uint8Array,
  sealing: FileSealing,
): Promise<Uint8Array> {
  readNamingFile(path, () => sealedKeysIn(content));
  return await replaceSealedKeys(content, (key) => openKey(path, key, sealing));
}

async function openKey(path: string, { spki, sealed }: SealedKey, sealing: FileSealing): Promise<string> {
  try {
    const pem = new TextDecoder().decode(await sealing.openFromFile(placeOf(spki), sealed));
    return `${pem}\n`;
  } catch (error) {
    throw new PkiError(
      `the sealed key in ${path} cannot be opened (${(error as Error).message}): use the database that it was sealed with, or put the plain key there`,
      { cause: error },
    );
  }
}

export function hasSealedKeys(files: PkiFiles): boolean {
  return [...files].some(([path, content]) => readNamingFile(path, () => sealedKeysIn(content)).length > 0);
}

/** The files of the roles of SGP.22 that have plain private keys, and the keys that are sealed. */
export function keyFilesIn(files: PkiFiles): {
  readonly plainKeys: readonly string[];
  readonly sealedKeys: readonly FoundSealed[];
} {
  const found = (Object.keys(roles) as Role[]).flatMap((role) => readableRole(files, role));
  const plain = found.flatMap(({ keys }) => keys.map(({ path }) => path));
  return { plainKeys: [...new Set(plain)], sealedKeys: found.flatMap(({ sealed }) => sealed) };
}

/** A file of a role that the server does not need may be unreadable. */
function readableRole(files: PkiFiles, role: Role): readonly ReturnType<typeof filesOfRole>[] {
  try {
    return [filesOfRole(files, role)];
  } catch (error) {
    if (error instanceof PkiError) return [];
    throw error;
  }
}

/** All files with their sealed keys opened. */
export async function openSealedKeys(files: PkiFiles, sealing: FileSealing): Promise<PkiFiles> {
  const opened = new Map<string, Uint8Array>();
  for (const [path, content] of files) opened.set(path, await openKeysIn(path, content, sealing));
  return opened;
}

/** The content of a file with all of its keys sealed with the newest data key; the rest of it stays. Throws a PkiError that names the file. */
export async function sealKeysIn(
  path: string,
  content: Uint8Array,
  sealing: FileSealing,
): Promise<Uint8Array> {
  const opened = await openKeysIn(path, content, sealing);
  for (const pem of plainKeysIn(opened)) readNamingFile(path, () => importSigningKey(pem));
  return await replacePlainKeys(opened, (pem) => sealKey(pem, sealing));
}
