import { Type } from '@sinclair/typebox';
import type { ApiKeyStore } from '../../store/ports/api-keys.ts';
import { operation, type Services } from '../frame/operation.ts';
import { ApiKey, apiKeyExample, keyResponse } from './api-key.ts';

const ListApiKeysResponse = Type.Object(
  { api_keys: Type.Array(ApiKey, { description: 'The keys, the oldest first' }) },
  {
    $id: 'ListApiKeysResponse',
    description: 'The API keys of the account',
    examples: [{ api_keys: [apiKeyExample] }],
  },
);

export const listApiKeys = operation({
  operationId: 'listApiKeys',
  method: 'GET',
  url: '/api/v1/esim/keys',
  summary: "List the account's API keys, the oldest first, without the keys themselves",
  permissions: ['admin'],
  answers: { 200: { description: 'The keys', schema: ListApiKeysResponse } },
  respond: async ({ store }: Services<ApiKeyStore>, { account }) => {
    const keys = await store.apiKeys(account);
    return { api_keys: keys.toSorted((a, b) => a.createdAt - b.createdAt).map(keyResponse) };
  },
});
