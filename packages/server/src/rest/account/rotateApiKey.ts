import { Type } from '@sinclair/typebox';
import { MOST_WITH_ROTATED_KEYS, rotateApiKey as rotate } from '../../accounts/accounts.ts';
import { closed } from '../../shapes/shape.ts';
import type { ApiKeyStore } from '../../store/ports/api-keys.ts';
import { operation, type Services } from '../frame/operation.ts';
import { HttpProblem } from '../frame/problem.ts';
import { KeyParams, keyResponse, mustOwn, NewApiKey } from './api-key.ts';

const RotateApiKeyRequest = Type.Object(
  {
    overlap_seconds: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 31_536_000,
        default: 86_400,
        description: 'Seconds that the old key still works',
      }),
    ),
  },
  {
    ...closed,
    $id: 'RotateApiKeyRequest',
    description: 'How a key is replaced',
    examples: [{ overlap_seconds: 86_400 }],
  },
);

export const rotateApiKey = operation({
  operationId: 'rotateApiKey',
  method: 'POST',
  url: '/api/v1/esim/keys/:id/rotate',
  summary: 'Replace an API key by a new one; the old one works for some time',
  permissions: ['admin'],
  params: KeyParams,
  body: RotateApiKeyRequest,
  answers: {
    201: {
      description: 'The new key, with the same name and permissions; it is shown once',
      schema: NewApiKey,
    },
    400: { description: 'A member is not valid' },
    404: { description: 'The account has no key of this id', code: 'key_not_found' },
    409: {
      description: 'Too many keys of the account were replaced and are still valid',
      code: 'too_many_keys',
    },
  },
  targets: (_asked, { id }) => [id],
  respond: async ({ store }: Services<ApiKeyStore>, call, reply) => {
    const { env, account, params, body } = call;
    const old = (await store.apiKeys(account)).find(({ id }) => id === params.id);
    if (old !== undefined) mustOwn(call.permissions, old.permissions);
    const { now, random } = env;
    const overlapSeconds = body.overlap_seconds ?? 86_400;
    const rotated = await rotate(store, { account, id: params.id, overlapSeconds, random, now });
    if (rotated === 'unknown') throw new HttpProblem(404, 'key_not_found', `there is no key ${params.id}`);
    if (rotated === 'full')
      throw new HttpProblem(
        409,
        'too_many_keys',
        `the account has ${MOST_WITH_ROTATED_KEYS} valid keys, among them replaced ones: delete some of them first`,
      );
    reply.status(201);
    return { ...keyResponse(rotated.key), api_key: rotated.apiKey };
  },
  ifLost:
    'the new key itself was shown once: delete the key with this id, and rotate the old one again with a new Idempotency-Key',
});
