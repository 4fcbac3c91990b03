import { orderOfTypeAnywhere } from '@esim-rsp/smdp/gateway/anywhere';
import type { Store } from '@esim-rsp/smdp/ports';
import { run } from '@esim-rsp/smdp/run';
import { Type } from '@sinclair/typebox';
import { about, closed, extending } from '../../shapes/shape.ts';
import type { OperationStore } from '../../store/ports/gateway/operations.ts';
import { operation, type Services } from '../frame/operation.ts';
import { answerOrderAgain } from '../gateway/answer-again.ts';
import { answerRequested, upstreamAnswers } from '../gateway/answer-requested.ts';
import { GetEUICCProfileResponse, profileExample } from '../profiles/profile.ts';
import { GeneratedSubscription, subscriptionResponse } from '../stock/subscription.ts';
import { orderTermsOf } from './order-terms.ts';
import { OrderEUICCProfileRequest, onlyEid } from './orderEUICCProfile.ts';

const OrderEUICCProfileOfTypeRequest = Type.Object(
  {
    profile_type: Type.String({ minLength: 1, maxLength: 128, description: 'The type of the Profile' }),
    ...OrderEUICCProfileRequest.properties,
  },
  {
    ...closed,
    ...extending(OrderEUICCProfileRequest),
    $id: 'OrderEUICCProfileOfTypeRequest',
    description: 'An order of any Profile of a type',
    examples: [{ profile_type: 'basic' }],
  },
);

export const OrderEUICCProfileOfTypeResponse = Type.Object(
  {
    ...GetEUICCProfileResponse.properties,
    subscription: Type.Optional(
      about(
        'Present when the Profile was created for this order from a template that generates keys: they are shown once',
        GeneratedSubscription,
      ),
    ),
  },
  {
    ...extending(GetEUICCProfileResponse),
    $id: 'OrderEUICCProfileOfTypeResponse',
    description: 'The ordered Profile',
    examples: [{ ...profileExample, profile_type: 'basic' }],
  },
);

export const orderEUICCProfileOfType = operation({
  operationId: 'orderEUICCProfileOfType',
  method: 'POST',
  waits: true,
  choosesNumbers: true,
  url: '/api/v1/esim/euicc-profiles/order',
  summary:
    'Order a profile of a type: the oldest in stock, one that the upstream of the type chooses, or a new one from the template of the type, whose generated keys are shown once',
  body: OrderEUICCProfileOfTypeRequest,
  permissions: ['order'],
  answers: {
    200: {
      description:
        'The profile, RELEASED (CONFIRMED with release: false, ALLOCATED or LINKED with confirm: false)',
      schema: OrderEUICCProfileOfTypeResponse,
    },
    ...upstreamAnswers,
    400: { description: 'A member is not valid' },
    404: {
      description: 'There was never a profile of this type, and it has no template',
      code: 'profile_type_not_found',
    },
    409: {
      description:
        'No profile of this type is AVAILABLE, and its template, if any, has no free numbers; or the MatchingID is in use',
      code: 'out_of_stock',
    },
    503: { description: 'Too many calls order this type at the same time' },
  },
  targets: ({ body }, { iccid }) => [iccid || undefined, body.profile_type],
  respond: async (services: Services<Store & Pick<OperationStore, 'operation'>>, call, reply) => {
    const { env, account, body } = call;
    const { profile_type: profileType, ...order } = body;
    const { release = true, confirm = true } = order;
    const terms = confirm ? orderTermsOf(order) : onlyEid(order, orderTermsOf(order));
    const request = { account, profileType, release, confirm, ...terms };
    const requested = await run(orderOfTypeAnywhere, request, services.store, env);
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
