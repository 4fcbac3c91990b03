import assert from 'node:assert/strict';
import { readPkiDirectory } from '@esim-rsp/server/keys/pki-directory';
import { hasSealedKeys, openSealedKeys } from '@esim-rsp/server/keys/sealed-keys';
import type { PkiFiles } from '@esim-rsp/sgp22/pki/files';
import { openStoreOf } from './database.ts';
import type { ServerProcess } from './server.ts';

/** The PKI of a server, with the keys that it has sealed opened. */
export async function pkiOf({
  dataDir,
  pkiDir,
  masterKeyFile,
}: Pick<ServerProcess, 'dataDir' | 'pkiDir' | 'masterKeyFile'>): Promise<PkiFiles> {
  const files = (await readPkiDirectory(pkiDir)) ?? assert.fail(`there is no PKI in ${pkiDir}`);
  if (!hasSealedKeys(files)) return files;
  const store = await openStoreOf(dataDir, masterKeyFile);
  try {
    return await openSealedKeys(files, store);
  } finally {
    await store.close();
  }
}
