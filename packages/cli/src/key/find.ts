import type { AccountStore } from '@esim-rsp/server/store/ports/accounts';
import type { ApiKey, ApiKeyStore } from '@esim-rsp/server/store/ports/api-keys';
import { CliError } from '../command.ts';

/** Finds the key with this id, in any account. */
export async function findKey(store: AccountStore & ApiKeyStore, id: string): Promise<ApiKey> {
  for (const account of await store.accounts()) {
    const found = (await store.apiKeys(account.id)).find((key) => key.id === id);
    if (found !== undefined) return found;
  }
  throw new CliError(`there is no key ${id}: 'esim key list' shows them`);
}
