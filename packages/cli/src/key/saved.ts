import { apiKeyHash } from '@esim-rsp/server/accounts/accounts';
import { credentialsIn, readCredentials, saveCredentials } from '@esim-rsp/server/process/credentials';
import type { ApiKey } from '@esim-rsp/server/store/ports/api-keys';
import { sameSecret } from '@esim-rsp/sgp22/crypto/digest';
import { localConfig } from '../local.ts';

/** Replaces a key in the credentials of the data folder, with which commands call the server. Resolves to the file; undefined: it has another key. */
export async function replaceSavedKey(old: ApiKey, apiKey: string): Promise<string | undefined> {
  const { dataDir } = localConfig();
  const saved = await readCredentials(dataDir);
  if (saved?.userId !== old.account || !sameSecret(apiKeyHash(saved.apiKey), old.hash)) return undefined;
  await saveCredentials(dataDir, { ...saved, apiKey });
  return credentialsIn(dataDir);
}
