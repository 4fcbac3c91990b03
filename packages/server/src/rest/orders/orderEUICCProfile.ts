import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { orderAnywhere, reserveAnywhere } from '@esim-rsp/smdp/gateway/anywhere';
import type { OrderTerms as Terms } from '@esim-rsp/smdp/order/order-terms';
import type { Store } from '@esim-rsp/smdp/ports';
import { run } from '@esim-rsp/smdp/run';
import { type Static, Type } from '@sinclair/typebox';
import { closed, extending } from '../../shapes/shape.ts';
import type { OperationStore } from '../../store/ports/gateway/operations.ts';
import { operation, type Services } from '../frame/operation.ts';
import { HttpProblem } from '../frame/problem.ts';
import { answerAgain } from '../gateway/answer-again.ts';
import { answerRequested, upstreamAnswers } from '../gateway/answer-requested.ts';
import { IccidParams } from '../profiles/owned-profile.ts';
import { GetEUICCProfileResponse } from '../profiles/profile.ts';
import { OrderTerms, orderExample, orderTermsOf, Release } from './order-terms.ts';

const Confirm = Type.Boolean({
  default: true,
  description:
    'Whether to confirm the order; false: the Profile is only reserved, for an eid or for any eUICC',
});

export const OrderEUICCProfileRequest = Type.Object(
  { ...OrderTerms.properties, release: Type.Optional(Release), confirm: Type.Optional(Confirm) },
  {
    ...closed,
    ...extending(OrderTerms),
    $id: 'OrderEUICCProfileRequest',
    description: 'An order of a Profile',
    examples: [orderExample],
  },
);
type OrderEUICCProfileRequest = Static<typeof OrderEUICCProfileRequest>;

export const orderEUICCProfile = operation({
  operationId: 'orderEUICCProfile',
  method: 'POST',
  waits: true,
  choosesNumbers: true,
  url: '/api/v1/esim/euicc-profiles/:iccid/order',
  summary: 'Order an AVAILABLE profile and release it for download',
  params: IccidParams,
  body: OrderEUICCProfileRequest,
  permissions: ['order'],
  answers: {
    200: {
      description:
        'The profile, RELEASED (CONFIRMED with release: false, ALLOCATED or LINKED with confirm: false)',
      schema: GetEUICCProfileResponse,
    },
    ...upstreamAnswers,
    400: { description: 'A member is not valid' },
    404: { description: 'eUICC not found', code: 'profile_not_found' },
    409: {
      description: 'The profile is not AVAILABLE, or the MatchingID is in use',
      code: 'profile_not_available',
    },
    413: { description: 'The body is too large' },
    415: { description: 'The body is not JSON' },
    503: { description: 'Too many calls change this profile at the same time' },
  },
  respond: async (services: Services<Store & Pick<OperationStore, 'operation'>>, call, reply) => {
    const { store } = services;
    const { env, account, params, body } = call;
    const iccid = parseIccid(params.iccid);
    const { release = true, confirm = true } = body;
    const terms = orderTermsOf(body);
    const ordered = confirm
      ? await run(orderAnywhere, { account, iccid, release, ...terms }, store, env)
      : await run(reserveAnywhere, { account, iccid, ...onlyEid(body, terms) }, store, env);
    return answerRequested(services, call, reply, ordered);
  },
  answerAgain,
});

/** An order that is only reserved has an EID at most; the other terms come with the confirmation. */
export function onlyEid(body: OrderEUICCProfileRequest, { eid, ...others }: Terms): Pick<Terms, 'eid'> {
  if (Object.keys(others).length > 0 || body.release !== undefined)
    throw new HttpProblem(
      400,
      'validation_failed',
      'with confirm: false an order has no terms but an eid: send the others to …/confirm',
    );
  return eid === undefined ? {} : { eid };
}
