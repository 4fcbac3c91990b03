import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { releaseAnywhere } from '@esim-rsp/smdp/gateway/anywhere';
import type { Store } from '@esim-rsp/smdp/ports';
import { run } from '@esim-rsp/smdp/run';
import type { OperationStore } from '../../store/ports/gateway/operations.ts';
import { operation, type Services } from '../frame/operation.ts';
import { answerAgain } from '../gateway/answer-again.ts';
import { answerRequested, upstreamAnswers } from '../gateway/answer-requested.ts';
import { IccidParams } from '../profiles/owned-profile.ts';
import { GetEUICCProfileResponse } from '../profiles/profile.ts';

export const releaseEUICCProfile = operation({
  operationId: 'releaseEUICCProfile',
  method: 'POST',
  waits: true,
  url: '/api/v1/esim/euicc-profiles/:iccid/release',
  summary: 'Release a CONFIRMED profile for download',
  params: IccidParams,
  permissions: ['order'],
  answers: {
    200: { description: 'The profile, RELEASED', schema: GetEUICCProfileResponse },
    ...upstreamAnswers,
    400: { description: 'Invalid ICCID format', code: 'invalid_iccid' },
    404: { description: 'eUICC not found', code: 'profile_not_found' },
    409: {
      description:
        'The state of the profile does not allow this, and the message says what it allows; or its upstream refuses it',
      code: 'invalid_transition',
    },
    503: { description: 'Too many calls change this profile at the same time' },
  },
  respond: async (services: Services<Store & Pick<OperationStore, 'operation'>>, call, reply) => {
    const { env, account, params } = call;
    const request = { account, iccid: parseIccid(params.iccid) };
    return answerRequested(services, call, reply, await run(releaseAnywhere, request, services.store, env));
  },
  answerAgain,
});
