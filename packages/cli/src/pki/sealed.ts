import { readPkiDirectory } from '@esim-rsp/server/keys/pki-directory';
import { hasSealedKeys, openSealedKeys } from '@esim-rsp/server/keys/sealed-keys';
import type { FileSealing } from '@esim-rsp/server/store/ports/secrets/secret-store';
import type { PkiFiles } from '@esim-rsp/sgp22/pki/files';
import { withLocalStore } from '../local-store.ts';

/** Works with a PKI folder. If it has sealed keys, the data of the server is opened meanwhile, because that has the keys of the seals. */
export async function withSealing<T>(
  directory: string,
  work: (sealing: FileSealing | undefined) => Promise<T>,
): Promise<T> {
  const files = await readPkiDirectory(directory);
  if (files === undefined || !hasSealedKeys(files)) return await work(undefined);
  return await withLocalStore(work);
}

/** The files of a PKI folder with their sealed keys opened. undefined: the folder does not exist or is empty. Throws a PkiError that names the faulty file. */
export function readOpenedPki(directory: string): Promise<PkiFiles | undefined> {
  return withSealing(directory, async (sealing) => {
    const files = await readPkiDirectory(directory);
    return files && sealing ? await openSealedKeys(files, sealing) : files;
  });
}
