import type { ApiKey, ServerStore } from '@esim-rsp/server/store/store';
import { CliError } from '../command.ts';

/** The key with this id, whoever owns it. */
export async function keyNamed(store: ServerStore, id: string): Promise<ApiKey> {
  for (const account of await store.accounts()) {
    const found = (await store.apiKeys(account.id)).find((key) => key.id === id);
    if (found !== undefined) return found;
  }
  throw new CliError(`there is no key ${id}: 'esim key list' shows them`);
}
