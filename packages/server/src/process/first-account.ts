import type { Random } from '@esim-rsp/sgp22/crypto/random';
import { addAccountWithKey, type Credentials, generateApiKey, generateUserId } from '../accounts/accounts.ts';
import type { ServerStore } from '../store/store.ts';
import type { Config } from './config.ts';
import { readCredentials, saveCredentials } from './credentials.ts';

/** The account to begin with. The key is there only on the start that made it. */
export type FirstAccount = { readonly userId: string; readonly apiKey?: string };

export type FirstAccountEnv = {
  readonly store: ServerStore;
  readonly config: Config;
  readonly restUrl: string;
  readonly random: Random;
  /** Unix milliseconds. */
  readonly now: number;
};

/**
 * The account that is there, or a new one when the demo or ESIM_BOOTSTRAP_… asks for it. The demo leaves its credentials
 * in the data folder before the store knows them, so that a start that breaks off in between loses no key.
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

/** The command line finds the server by these credentials: tells it when the server has moved. */
export async function updateSavedUrl({ demo, dataDir }: Config, restUrl: string): Promise<void> {
  const saved = demo ? await readCredentials(dataDir) : undefined;
  if (saved !== undefined && saved.url !== restUrl)
    await saveCredentials(dataDir, { ...saved, url: restUrl });
}
