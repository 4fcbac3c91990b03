import { Type } from '@sinclair/typebox';
import { addApiKeyUpTo, generateApiKey } from '../../accounts/accounts.ts';
import { about, closed } from '../../shapes/shape.ts';
import { secondsOf, Time } from '../../shapes/time.ts';
import type { ApiKeyStore } from '../../store/ports/api-keys.ts';
import { operation, type Services } from '../frame/operation.ts';
import { HttpProblem } from '../frame/problem.ts';
import { ApiKeyScope, keyResponse, mustOwn, NewApiKey, Permissions, permissionsOf } from './api-key.ts';

/** Valid keys of one account. */
export const MOST_KEYS = 100;

const CreateApiKeyRequest = Type.Object(
  {
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 128, description: 'Your name for the key' })),
    permissions: Type.Optional(about('What the key may do', Permissions)),
    scope: Type.Optional(about('Instead of permissions: the name of a set of them', ApiKeyScope)),
    expires_at: Type.Optional(Time('When the key expires; without it, never')),
  },
  {
    ...closed,
    $id: 'CreateApiKeyRequest',
    description: 'An API key to create',
    examples: [{ name: 'shop', permissions: ['read', 'codes', 'order'] }],
  },
);

export const createApiKey = operation({
  operationId: 'createApiKey',
  method: 'POST',
  url: '/api/v1/esim/keys',
  summary: 'Create an API key; it is shown once',
  permissions: ['admin'],
  body: CreateApiKeyRequest,
  answers: {
    201: { description: 'The key', schema: NewApiKey },
    400: { description: 'A member is not valid' },
    409: { description: 'The account has too many keys: delete one', code: 'too_many_keys' },
  },
  targets: (_asked, { id }) => [id],
  respond: async ({ store }: Services<Pick<ApiKeyStore, 'addApiKey'>>, call, reply) => {
    const { env, account, body } = call;
    const { name, expires_at } = body;
    const permissions = permissionsOf(body);
    mustOwn(call.permissions, permissions);
    const expiresAt = expires_at === undefined ? undefined : secondsOf(expires_at);
    const { now, random } = env;
    if (expiresAt !== undefined && expiresAt * 1000 <= now)
      throw new HttpProblem(400, 'validation_failed', 'expires_at has passed already', [
        { field: 'expires_at', message: 'has passed already' },
      ]);
    const apiKey = generateApiKey(random);
    const newKey = { userId: account, apiKey, random, now, permissions };
    const named = {
      ...(name !== undefined && { keyName: name }),
      ...(expiresAt !== undefined && { expiresAt }),
    };
    const key = await addApiKeyUpTo(store, { ...newKey, ...named }, MOST_KEYS);
    if (key === undefined)
      throw new HttpProblem(
        409,
        'too_many_keys',
        `the account has ${MOST_KEYS} keys, the most that it may have: delete one first`,
      );
    reply.status(201);
    return { ...keyResponse(key), api_key: apiKey };
  },
  ifLost:
    'the key itself was shown once: delete the key with this id, and create another one with a new Idempotency-Key',
});
