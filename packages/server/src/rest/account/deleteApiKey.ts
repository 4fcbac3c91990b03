import type { ApiKeyStore } from '../../store/ports/api-keys.ts';
import { UnreadableRecordError } from '../../store/ports/unreadable-rows.ts';
import { operation, type Services } from '../frame/operation.ts';
import { HttpProblem } from '../frame/problem.ts';
import { ApiKey, KeyParams, keyResponse } from './api-key.ts';

export const deleteApiKey = operation({
  operationId: 'deleteApiKey',
  method: 'DELETE',
  url: '/api/v1/esim/keys/:id',
  summary:
    'Delete an API key: servers accept it for two more seconds at most. It stays in the list, with its end',
  permissions: ['admin'],
  params: KeyParams,
  answers: {
    200: { description: 'The key, with its end', schema: ApiKey },
    404: { description: 'The account has no key of this id', code: 'key_not_found' },
    409: { description: 'The request uses this key', code: 'own_key' },
  },
  respond: async ({ store }: Services<ApiKeyStore>, { env, account, keyId, params: { id } }) => {
    if (id === keyId)
      throw new HttpProblem(
        409,
        'own_key',
        'this is the key that the request uses: delete it with another key, or rotate it',
      );
    const now = Math.floor(env.now / 1000);
    const outcome = await store.expireApiKey(account, id, now);
    if (outcome === 'unknown') throw new HttpProblem(404, 'key_not_found', `there is no key ${id}`);
    const key = (await store.apiKeys(account)).find((one) => one.id === id);
    if (key === undefined) throw new UnreadableRecordError(`api_key ${id}`, account);
    return keyResponse(key);
  },
});
