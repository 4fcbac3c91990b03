import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { cancelAnywhere } from '@esim-rsp/smdp/gateway/anywhere';
import type { Store } from '@esim-rsp/smdp/ports';
import { run } from '@esim-rsp/smdp/run';
import { stockStates } from '@esim-rsp/smdp/state/profile';
import { Type } from '@sinclair/typebox';
import { closed, literals } from '../../shapes/shape.ts';
import type { OperationStore } from '../../store/ports/gateway/operations.ts';
import { operation, type Services } from '../frame/operation.ts';
import { answerAgain } from '../gateway/answer-again.ts';
import { answerRequested, upstreamAnswers } from '../gateway/answer-requested.ts';
import { IccidParams } from '../profiles/owned-profile.ts';
import { GetEUICCProfileResponse } from '../profiles/profile.ts';

const CancelEUICCProfileRequest = Type.Object(
  {
    final_state: Type.Optional(
      literals(stockStates, 'The state of the Profile without its order; without it, AVAILABLE'),
    ),
  },
  {
    ...closed,
    $id: 'CancelEUICCProfileRequest',
    description: 'What becomes of the Profile',
    examples: [{ final_state: 'AVAILABLE' }],
  },
);

export const cancelEUICCProfile = operation({
  operationId: 'cancelEUICCProfile',
  method: 'POST',
  waits: true,
  url: '/api/v1/esim/euicc-profiles/:iccid/cancel',
  summary: 'Cancel an order that no phone has downloaded; downloads in progress end',
  params: IccidParams,
  body: CancelEUICCProfileRequest,
  permissions: ['care'],
  answers: {
    200: { description: 'The profile, AVAILABLE or UNAVAILABLE', schema: GetEUICCProfileResponse },
    ...upstreamAnswers,
    400: { description: 'A member is not valid' },
    404: { description: 'eUICC not found', code: 'profile_not_found' },
    409: {
      description:
        'The state of the profile does not allow this, and the message says what it allows; or its upstream refuses it',
      code: 'profile_not_available',
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
      body: { final_state: finalState = 'AVAILABLE' },
    } = call;
    const request = { account, iccid: parseIccid(params.iccid), finalState };
    return answerRequested(services, call, reply, await run(cancelAnywhere, request, services.store, env));
  },
  answerAgain,
});
