import { parseEid } from '@esim-rsp/sgp22/value/eid';
import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { parseMatchingId } from '@esim-rsp/sgp22/value/matching-id';
import { orderProfile } from '@esim-rsp/smdp/operator/orderProfile';
import { run } from '@esim-rsp/smdp/run';
import type { ReusePolicy } from '@esim-rsp/smdp/state/order';
import { operation } from '../operation.ts';
import { HttpProblem } from '../problem.ts';
import { GetEUICCProfileResponse, OrderEUICCProfileRequest } from '../schemas.ts';
import { IccidParams } from './owned-profile.ts';
import { profileResponse } from './profile-response.ts';

export const orderEUICCProfile = operation({
  operationId: 'orderEUICCProfile',
  method: 'POST',
  url: '/api/v1/esim/euicc-profiles/:iccid/order',
  summary: 'Orders an AVAILABLE profile for one download and releases it',
  params: IccidParams,
  body: OrderEUICCProfileRequest,
  answers: {
    200: {
      description: 'The profile, RELEASED (or CONFIRMED with release: false)',
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
  respond: async ({ store, env }, { account, params, body }) => {
    const { eid, matching_id, confirmation_code, profile_reuse_policy, release = true } = body;
    const { expires_at, reusable } = body;
    const request = {
      account,
      iccid: parseIccid(params.iccid),
      release,
      ...(eid !== undefined && { eid: parseEid(eid) }),
      ...(matching_id !== undefined && { matchingId: parseMatchingId(matching_id) }),
      ...(confirmation_code !== undefined && { confirmationCode: confirmation_code }),
      ...(expires_at !== undefined && { expiresAt: expires_at }),
      ...(reusable !== undefined && { reusable }),
      ...(profile_reuse_policy !== undefined && { reusePolicy: reusePolicyOf(profile_reuse_policy) }),
    };
    return profileResponse(await run(orderProfile, request, store, env()), env().smdpAddress);
  },
});

type Wish = NonNullable<OrderEUICCProfileRequest['profile_reuse_policy']>;

function reusePolicyOf({ reuse_type, max_count, maxReuseCount, cooldownPeriod = 0 }: Wish): ReusePolicy {
  if (max_count !== undefined && maxReuseCount !== undefined && max_count !== maxReuseCount)
    throw new HttpProblem(
      400,
      'validation_failed',
      'max_count and maxReuseCount are two names of one number: they differ',
    );
  const maxCount = max_count ?? maxReuseCount ?? (reuse_type === 'NEVER' ? 0 : 1);
  return { type: reuse_type, maxCount, cooldownSeconds: cooldownPeriod };
}
