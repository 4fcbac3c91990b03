import type { Random } from '@esim-rsp/sgp22/crypto/random';
import { addAccountWithKey, type Credentials, generateApiKey, generateUserId } from '../accounts/accounts.ts';
import type { AccountStore } from '../store/ports/accounts.ts';
import type { ApiKeyStore } from '../store/ports/api-keys.ts';
import type { Config } from './config.ts';
import { readCredentials, saveCredentials } from './credentials.ts';

/** The account that the banner shows. `apiKey` is present only at the start that created it. */
export type FirstAccount = { readonly userId: string; readonly apiKey?: string };

export type FirstAccountEnv = {
  readonly store: AccountStore & ApiKeyStore;
  readonly config: Config;
  readonly restUrl: string;
  readonly random: Random;
  /** Unix milliseconds. */
  readonly now: number;
};

/**
 * Returns the existing account, or creates one for the demo or ESIM_BOOTSTRAP_…. The demo writes its credentials into the data
 * folder before the store has them, so that a start that fails in between loses no key.
 */
export async function ensureFirstAccount(env: FirstAccountEnv): Promise<FirstAccount | undefined> {
  const { store, config, restUrl, random, now } = env;
  const { demo, bootstrap, dataDir } = config;
  const saved = demo ? await readCredentials(dataDir) : undefined;
  const accounts = await store.accounts();
  const present = accounts.find(({ id }) => id === saved?.userId) ?? accounts[0];
  if (present !== undefined && (await store.apiKeys(present.id)).length > 0) return { userId: present.id };
  if (!demo && bootstrap.userId === undefined && bootstrap.apiKey === undefined) return undefined;
  const credentials: Credentials = {
    userId: bootstrap.userId ?? saved?.userId ?? present?.id ?? generateUserId(random),
    apiKey: bootstrap.apiKey ?? saved?.apiKey ?? generateApiKey(random),
  };
  if (demo) await saveCredentials(dataDir, { ...credentials, url: restUrl });
  const name = demo ? 'Demo' : 'First account';
  await addAccountWithKey(store, { ...credentials, name, random, now });
  return credentials;
}

/** Updates the URL in the saved credentials, with which the command line finds the server. */
export async function updateSavedUrl({ demo, dataDir }: Config, restUrl: string): Promise<void> {
  const saved = demo ? await readCredentials(dataDir) : undefined;
  if (saved !== undefined && saved.url !== restUrl)
    await saveCredentials(dataDir, { ...saved, url: restUrl });
}
