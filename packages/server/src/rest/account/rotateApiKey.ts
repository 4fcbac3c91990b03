import { rotateApiKey as rotate } from '../../accounts/accounts.ts';
import type { ApiKeyStore } from '../../store/ports/api-keys.ts';
import { operation, type Services } from '../frame/operation.ts';
import { HttpProblem } from '../frame/problem.ts';
import { keyResponse } from './key-response.ts';
import { KeyParams, NewApiKey, RotateApiKeyRequest } from './schemas-keys.ts';

export const rotateApiKey = operation({
  operationId: 'rotateApiKey',
  method: 'POST',
  url: '/api/v1/esim/keys/:id/rotate',
  summary: 'Makes a key in the place of another one, which ends after an overlap',
  scope: 'admin',
  params: KeyParams,
  body: RotateApiKeyRequest,
  answers: {
    201: { description: 'The new key, of the same name and scope; it is shown this once', schema: NewApiKey },
    400: { description: 'A member is not valid' },
    404: { description: 'The account has no key of this id', code: 'key_not_found' },
  },
  respond: async ({ store }: Services<ApiKeyStore>, { env, account, params, body }, reply) => {
    const { now, random } = env;
    const overlapSeconds = body.overlap_seconds ?? 86_400;
    const rotated = await rotate(store, { account, id: params.id, overlapSeconds, random, now });
    if (rotated === undefined) throw new HttpProblem(404, 'key_not_found', `there is no key ${params.id}`);
    reply.status(201);
    return { ...keyResponse(rotated.key), api_key: rotated.apiKey };
  },
});
