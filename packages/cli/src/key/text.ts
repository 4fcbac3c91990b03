import type { ApiKey } from '@esim-rsp/server/store/ports/api-keys';
import { scopeOf } from '@esim-rsp/server/store/ports/permissions';
import { note, type OutputOptions, show } from '../output.ts';
import { serverAddresses } from '../running.ts';

const time = (seconds: number) => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');

/** The data of a key for --json, without the key itself. */
export function keyJson(key: ApiKey) {
  const { id, account, name, permissions, createdAt, expiresAt, lastUsedAt } = key;
  const scope = scopeOf(permissions);
  return {
    id,
    user_id: account,
    ...(name !== undefined && { name }),
    permissions,
    ...(scope !== undefined && { scope }),
    created_at: time(createdAt),
    ...(expiresAt !== undefined && { expires_at: time(expiresAt) }),
    ...(lastUsedAt !== undefined && { last_used_at: time(lastUsedAt) }),
  };
}

/** Prints a new key, and how to use it in commands. */
export function showNewKey({ json }: OutputOptions, key: ApiKey, apiKey: string): void {
  show(json ? { json } : {}, { ...keyJson(key), api_key: apiKey }, apiKey);
  if (json) return;
  note('the key is shown once; to use it in commands, set:');
  note(`  ESIM_URL=${serverAddresses().restUrl} ESIM_USER_ID=${key.account} ESIM_API_KEY=<key>`);
}
