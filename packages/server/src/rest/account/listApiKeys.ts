import type { ApiKeyStore } from '../../store/ports/api-keys.ts';
import { operation, type Services } from '../frame/operation.ts';
import { keyResponse } from './key-response.ts';
import { ListApiKeysResponse } from './schemas-keys.ts';

export const listApiKeys = operation({
  operationId: 'listApiKeys',
  method: 'GET',
  url: '/api/v1/esim/keys',
  summary: "The account's API keys, oldest first, without the keys themselves",
  scope: 'admin',
  answers: { 200: { description: 'The keys', schema: ListApiKeysResponse } },
  respond: async ({ store }: Services<ApiKeyStore>, { account }) => {
    const keys = await store.apiKeys(account);
    return { api_keys: keys.toSorted((a, b) => a.createdAt - b.createdAt).map(keyResponse) };
  },
});
