import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { replaceAnywhere } from '@esim-rsp/smdp/gateway/replaceAnywhere';
import { replacements } from '@esim-rsp/smdp/order/replaceProfile';
import type { Store } from '@esim-rsp/smdp/ports';
import { run } from '@esim-rsp/smdp/run';
import { Type } from '@sinclair/typebox';
import { closed, extending, literals } from '../../shapes/shape.ts';
import type { OperationStore } from '../../store/ports/gateway/operations.ts';
import { operation, type Services } from '../frame/operation.ts';
import { answerOrderAgain } from '../gateway/answer-again.ts';
import { answerRequested, upstreamAnswers } from '../gateway/answer-requested.ts';
import { IccidParams } from '../profiles/owned-profile.ts';
import { subscriptionResponse } from '../stock/subscription.ts';
import { OrderTerms, orderTermsOf } from './order-terms.ts';
import { OrderEUICCProfileOfTypeResponse } from './orderEUICCProfileOfType.ts';

const ReplaceEUICCProfileRequest = Type.Object(
  {
    by: Type.Optional(
      literals(
        replacements,
        'same: a new activation code for the same Profile; another: another Profile of its type, and this one is UNAVAILABLE. Without it, same',
      ),
    ),
    ...OrderTerms.properties,
  },
  {
    ...closed,
    ...extending(OrderTerms),
    $id: 'ReplaceEUICCProfileRequest',
    description: 'What takes the place of an order, and the terms of the new one',
    examples: [{ by: 'another' }],
  },
);

export const replaceEUICCProfile = operation({
  operationId: 'replaceEUICCProfile',
  method: 'POST',
  waits: true,
  choosesNumbers: true,
  url: '/api/v1/esim/euicc-profiles/:iccid/replace',
  summary:
    'Replace an order: by a new activation code of the same profile, or by another profile of its type while this one is retired',
  params: IccidParams,
  body: ReplaceEUICCProfileRequest,
  permissions: ['care'],
  answers: {
    200: { description: 'The profile of the new order, RELEASED', schema: OrderEUICCProfileOfTypeResponse },
    ...upstreamAnswers,
    400: { description: 'A member is not valid' },
    404: { description: 'eUICC not found', code: 'profile_not_found' },
    409: {
      description:
        'The profile is not ordered, or no other of its type can be had; or the MatchingID is in use',
      code: 'invalid_transition',
    },
    413: { description: 'The body is too large' },
    415: { description: 'The body is not JSON' },
    503: { description: 'Too many calls change this profile at the same time' },
  },
  targets: (_asked, { iccid }) => [iccid],
  respond: async (services: Services<Store & Pick<OperationStore, 'operation'>>, call, reply) => {
    const { env, account, params, body } = call;
    const { by = 'same', ...terms } = body;
    const request = { account, iccid: parseIccid(params.iccid), by, ...orderTermsOf(terms) };
    const requested = await run(replaceAnywhere, request, services.store, env);
    const { made } = requested;
    return {
      ...(await answerRequested(services, call, reply, requested)),
      ...(made !== undefined && { subscription: subscriptionResponse(made) }),
    };
  },
  answerAgain: answerOrderAgain,
  ifLost:
    'GET /euicc-profiles shows what became of the profile; use a new Idempotency-Key only for another order',
});
