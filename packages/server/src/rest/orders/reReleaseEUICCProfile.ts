import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { reReleaseAnywhere } from '@esim-rsp/smdp/gateway/anywhere';
import type { Store } from '@esim-rsp/smdp/ports';
import { run } from '@esim-rsp/smdp/run';
import { Type } from '@sinclair/typebox';
import { about, closed, orNull } from '../../shapes/shape.ts';
import { secondsOf } from '../../shapes/time.ts';
import type { OperationStore } from '../../store/ports/gateway/operations.ts';
import { operation, type Services } from '../frame/operation.ts';
import { answerAgain } from '../gateway/answer-again.ts';
import { answerRequested, upstreamAnswers } from '../gateway/answer-requested.ts';
import { IccidParams } from '../profiles/owned-profile.ts';
import { GetEUICCProfileResponse } from '../profiles/profile.ts';
import { ExpiresAt } from './order-terms.ts';

const ReReleaseEUICCProfileRequest = Type.Object(
  {
    expires_at: Type.Optional(
      about(
        'When the order expires from now on: at most ten years ahead; null: never; without it, as before. An order that has expired needs it',
        orNull(ExpiresAt),
      ),
    ),
  },
  {
    ...closed,
    $id: 'ReReleaseEUICCProfileRequest',
    description: 'What changes in the order',
    examples: [{ expires_at: '2030-01-31T18:00:00Z' }],
  },
);

export const reReleaseEUICCProfile = operation({
  operationId: 'reReleaseEUICCProfile',
  method: 'POST',
  waits: true,
  url: '/api/v1/esim/euicc-profiles/:iccid/re-release',
  summary: 'Release a profile again: after a failed or lost download, or as its reuse policy allows',
  params: IccidParams,
  body: ReReleaseEUICCProfileRequest,
  permissions: ['care'],
  answers: {
    200: {
      description: 'The profile, RELEASED, or DELETED until its cool-down is over',
      schema: GetEUICCProfileResponse,
    },
    ...upstreamAnswers,
    400: { description: 'A member is not valid' },
    404: { description: 'eUICC not found', code: 'profile_not_found' },
    409: {
      description:
        'The state of the profile, its reuse policy or its expiry does not allow this; the message says what to do',
      code: 'invalid_transition',
    },
    413: { description: 'The body is too large' },
    415: { description: 'The body is not JSON' },
    503: { description: 'Too many calls change this profile at the same time' },
  },
  respond: async (services: Services<Store & Pick<OperationStore, 'operation'>>, call, reply) => {
    const {
      env,
      account,
      params,
      body: { expires_at: until },
    } = call;
    const request = {
      account,
      iccid: parseIccid(params.iccid),
      ...(until !== undefined && { expiresAt: until === null ? null : secondsOf(until) }),
    };
    return answerRequested(services, call, reply, await run(reReleaseAnywhere, request, services.store, env));
  },
  answerAgain,
});
