import { addApiKey, generateApiKey } from '../../accounts/accounts.ts';
import { secondsOf } from '../../shapes/time.ts';
import { operation } from '../frame/operation.ts';
import { HttpProblem } from '../frame/problem.ts';
import { keyResponse } from './key-response.ts';
import { CreateApiKeyRequest, NewApiKey } from './schemas-keys.ts';

/** An account with more keys than this has lost count of them. */
const MOST_KEYS = 100;

export const createApiKey = operation({
  operationId: 'createApiKey',
  method: 'POST',
  url: '/api/v1/esim/keys',
  summary: 'Makes one more API key; it is shown this once',
  scope: 'admin',
  body: CreateApiKeyRequest,
  answers: {
    201: { description: 'The key', schema: NewApiKey },
    400: { description: 'A member is not valid' },
    409: { description: 'The account has too many keys: revoke one', code: 'too_many_keys' },
  },
  respond: async ({ store }, { env, account, body }, reply) => {
    const { name, scope, expires_at } = body;
    const expiresAt = expires_at === undefined ? undefined : secondsOf(expires_at);
    const { now, random } = env;
    const all = await store.apiKeys(account);
    const valid = all.filter((key) => key.expiresAt === undefined || key.expiresAt * 1000 > now);
    if (valid.length >= MOST_KEYS)
      throw new HttpProblem(409, 'too_many_keys', `the account has ${valid.length} keys: revoke one first`);
    if (expiresAt !== undefined && expiresAt * 1000 <= now)
      throw new HttpProblem(400, 'validation_failed', 'expires_at has passed already', [
        { field: 'expires_at', message: 'has passed already' },
      ]);
    const apiKey = generateApiKey(random);
    const wish = { userId: account, apiKey, random, now, scope };
    const named = {
      ...(name !== undefined && { keyName: name }),
      ...(expiresAt !== undefined && { expiresAt }),
    };
    const key = await addApiKey(store, { ...wish, ...named });
    reply.status(201);
    return { ...keyResponse(key), api_key: apiKey };
  },
});
