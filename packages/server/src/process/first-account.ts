import type { Random } from '@esim-rsp/sgp22/crypto/random';
import { addAccountWithKey, type Credentials, generateApiKey, generateUserId } from '../accounts/accounts.ts';
import type { AccountStore } from '../store/ports/accounts.ts';
import type { ApiKeyStore } from '../store/ports/api-keys.ts';
import { scopes } from '../store/ports/permissions.ts';
import type { Config } from './config.ts';
import { credentialsIn, readCredentials, saveCredentials } from './credentials.ts';

/** The account that the banner shows. */
export type FirstAccount = { readonly userId: string; readonly key: FirstKey };

/** `generated`: at this start, for a terminal; `saved`: generated, and readable in a file. The settings have a provided key. */
export type FirstKey =
  | { readonly kind: 'existing' | 'provided' }
  | { readonly kind: 'generated'; readonly apiKey: string; readonly file?: string }
  | { readonly kind: 'saved'; readonly file: string };

export type FirstAccountEnv = {
  readonly store: AccountStore & ApiKeyStore;
  readonly config: Config;
  readonly restUrl: string;
  /** Whether a person reads what the start prints: only then a key may be printed. */
  readonly isTerminal: boolean;
  readonly random: Random;
  /** Unix milliseconds. */
  readonly now: number;
};

/**
 * Returns the existing account, or creates one for the demo or ESIM_BOOTSTRAP_…. The demo writes its credentials into the
 * data folder, and so does any start that generates a key and cannot print it to a terminal: before the store has them, so that a
 * start that fails in between loses no key.
 */
export async function ensureFirstAccount(env: FirstAccountEnv): Promise<FirstAccount | undefined> {
  const { store, config, restUrl, isTerminal, random, now } = env;
  const { demo, bootstrap, dataDir } = config;
  const saved = demo ? await readCredentials(dataDir) : undefined;
  const accounts = await store.accounts();
  const present = accounts.find(({ id }) => id === saved?.userId) ?? accounts[0];
  if (present !== undefined && (await store.apiKeys(present.id)).length > 0)
    return { userId: present.id, key: keyOfPresent(present.id, saved, dataDir) };
  if (!demo && bootstrap.userId === undefined && bootstrap.apiKey === undefined) return undefined;
  const credentials: Credentials = {
    userId: bootstrap.userId ?? saved?.userId ?? present?.id ?? generateUserId(random),
    apiKey: bootstrap.apiKey ?? saved?.apiKey ?? generateApiKey(random),
  };
  const isProvided = bootstrap.apiKey !== undefined;
  const isSaved = demo || (!isProvided && !isTerminal);
  if (isSaved) await saveCredentials(dataDir, { ...credentials, url: restUrl });
  const name = demo ? 'Demo' : 'First account';
  const permissions = demo ? { permissions: [...scopes.admin, 'server' as const] } : {}; // a demo is of one person
  await addAccountWithKey(store, { ...credentials, ...permissions, name, random, now });
  const { userId, apiKey } = credentials;
  const file = isSaved ? { file: credentialsIn(dataDir) } : {};
  if (isProvided) return { userId, key: { kind: 'provided' } };
  if (!isTerminal) return { userId, key: { kind: 'saved', file: credentialsIn(dataDir) } };
  return { userId, key: { kind: 'generated', apiKey, ...file } };
}

/** A file may have it still. */
function keyOfPresent(
  userId: string,
  saved: Pick<Credentials, 'userId'> | undefined,
  dataDir: string,
): FirstKey {
  return saved?.userId === userId ? { kind: 'saved', file: credentialsIn(dataDir) } : { kind: 'existing' };
}

/** Updates the URL in the saved credentials, with which the command line finds the server. */
export async function updateSavedUrl({ demo, dataDir }: Config, restUrl: string): Promise<void> {
  const saved = demo ? await readCredentials(dataDir) : undefined;
  if (saved !== undefined && saved.url !== restUrl)
    await saveCredentials(dataDir, { ...saved, url: restUrl });
}
