import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { downloadOrder } from '@esim-rsp/smdp/es2/downloadOrder';
import type { OrderTerms } from '@esim-rsp/smdp/order/order-terms';
import { orderProfile } from '@esim-rsp/smdp/order/orderProfile';
import type { Store } from '@esim-rsp/smdp/ports';
import { run } from '@esim-rsp/smdp/run';
import { operation, type Services } from '../frame/operation.ts';
import { HttpProblem } from '../frame/problem.ts';
import { IccidParams } from '../profiles/owned-profile.ts';
import { profileResponse } from '../profiles/profile-response.ts';
import { GetEUICCProfileResponse, OrderEUICCProfileRequest } from '../profiles/schemas.ts';
import { orderTermsOf } from './order-terms.ts';

export const orderEUICCProfile = operation({
  operationId: 'orderEUICCProfile',
  method: 'POST',
  url: '/api/v1/esim/euicc-profiles/:iccid/order',
  summary: 'Orders an AVAILABLE profile for one download and releases it',
  params: IccidParams,
  body: OrderEUICCProfileRequest,
  answers: {
    200: {
      description:
        'The profile, RELEASED (CONFIRMED with release: false, ALLOCATED or LINKED with confirm: false)',
      schema: GetEUICCProfileResponse,
    },
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
  respond: async ({ store }: Services<Store>, { env, account, params, body }) => {
    const iccid = parseIccid(params.iccid);
    const { release = true, confirm = true } = body;
    const terms = orderTermsOf(body);
    const ordered = confirm
      ? await run(orderProfile, { account, iccid, release, ...terms }, store, env)
      : await run(downloadOrder, { account, iccid, ...onlyEid(body, terms) }, store, env);
    return profileResponse(ordered, env.smdpAddress);
  },
});

/** The rest is said when the order is confirmed. */
export function onlyEid(
  body: OrderEUICCProfileRequest,
  { eid, ...others }: OrderTerms,
): Pick<OrderTerms, 'eid'> {
  if (Object.keys(others).length > 0 || body.release !== undefined)
    throw new HttpProblem(
      400,
      'validation_failed',
      'an order that is not confirmed yet has an eid alone: say the rest to …/confirm',
    );
  return eid === undefined ? {} : { eid };
}
