import { urlOf } from '@esim-rsp/server/process/listen';
import type { ApiKey } from '@esim-rsp/server/store/store';
import { localConfig } from '../local.ts';
import { note, type Shown, show } from '../output.ts';

const time = (seconds: number) => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');

/** A key for programs: never the key itself. */
export function keyJson({ id, account, name, scope, createdAt, expiresAt, lastUsedAt }: ApiKey) {
  return {
    id,
    user_id: account,
    ...(name !== undefined && { name }),
    scope,
    created_at: time(createdAt),
    ...(expiresAt !== undefined && { expires_at: time(expiresAt) }),
    ...(lastUsedAt !== undefined && { last_used_at: time(lastUsedAt) }),
  };
}

/** Shows a key that was just made, with how commands are given it. */
export function showNewKey({ json }: Shown, key: ApiKey, apiKey: string): void {
  show(json ? { json } : {}, { ...keyJson(key), api_key: apiKey }, apiKey);
  if (json) return;
  const { httpHost, httpPort } = localConfig();
  note('the key is shown only this once; commands find it and its server by the environment:');
  note(`  ESIM_URL=${urlOf('http', httpHost, httpPort)} ESIM_USER_ID=${key.account} ESIM_API_KEY=<key>`);
}
