import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { confirmAnywhere } from '@esim-rsp/smdp/gateway/anywhere';
import type { Store } from '@esim-rsp/smdp/ports';
import { run } from '@esim-rsp/smdp/run';
import { Type } from '@sinclair/typebox';
import { closed, extending } from '../../shapes/shape.ts';
import type { OperationStore } from '../../store/ports/gateway/operations.ts';
import { operation, type Services } from '../frame/operation.ts';
import { answerAgain } from '../gateway/answer-again.ts';
import { answerRequested, upstreamAnswers } from '../gateway/answer-requested.ts';
import { IccidParams } from '../profiles/owned-profile.ts';
import { GetEUICCProfileResponse } from '../profiles/profile.ts';
import { OrderTerms, orderExample, orderTermsOf, Release } from './order-terms.ts';

const ConfirmEUICCProfileRequest = Type.Object(
  { ...OrderTerms.properties, release: Type.Optional(Release) },
  {
    ...closed,
    ...extending(OrderTerms),
    $id: 'ConfirmEUICCProfileRequest',
    description: 'The terms of the order of a reserved Profile',
    examples: [orderExample],
  },
);

export const confirmEUICCProfile = operation({
  operationId: 'confirmEUICCProfile',
  method: 'POST',
  waits: true,
  choosesNumbers: true,
  url: '/api/v1/esim/euicc-profiles/:iccid/confirm',
  summary: 'Confirm the order of a reserved profile and release it',
  params: IccidParams,
  body: ConfirmEUICCProfileRequest,
  permissions: ['order'],
  answers: {
    200: {
      description: 'The profile, RELEASED (or CONFIRMED with release: false)',
      schema: GetEUICCProfileResponse,
    },
    ...upstreamAnswers,
    400: { description: 'A member is not valid' },
    404: { description: 'eUICC not found', code: 'profile_not_found' },
    409: {
      description: 'The profile is not ordered, is for another EID, or the MatchingID is in use',
      code: 'profile_not_available',
    },
    413: { description: 'The body is too large' },
    415: { description: 'The body is not JSON' },
    503: { description: 'Too many calls change this profile at the same time' },
  },
  respond: async (services: Services<Store & Pick<OperationStore, 'operation'>>, call, reply) => {
    const { env, account, params, body } = call;
    const { release: releaseFlag = true } = body;
    const request = { account, iccid: parseIccid(params.iccid), releaseFlag, ...orderTermsOf(body) };
    return answerRequested(services, call, reply, await run(confirmAnywhere, request, services.store, env));
  },
  answerAgain,
});
