import { parseEid } from '@esim-rsp/sgp22/value/eid';
import { parseMatchingId } from '@esim-rsp/sgp22/value/matching-id';
import type { OrderTerms } from '@esim-rsp/smdp/order/order-terms';
import type { ReusePolicy } from '@esim-rsp/smdp/state/order';
import { secondsOf } from '../../shapes/time.ts';
import { HttpProblem } from '../frame/problem.ts';
import type { OrderTermsRequest } from '../profiles/schemas.ts';

/** What a body says of the order that it asks for. */
export function orderTermsOf(body: OrderTermsRequest): OrderTerms {
  const { eid, matching_id, confirmation_code, profile_reuse_policy, expires_at, reusable } = body;
  return {
    ...(eid !== undefined && { eid: parseEid(eid) }),
    ...(matching_id !== undefined && { matchingId: parseMatchingId(matching_id) }),
    ...(confirmation_code !== undefined && { confirmationCode: confirmation_code }),
    ...(expires_at !== undefined && { expiresAt: secondsOf(expires_at) }),
    ...(reusable !== undefined && { reusable }),
    ...(profile_reuse_policy !== undefined && { reusePolicy: reusePolicyOf(profile_reuse_policy) }),
  };
}

type Wish = NonNullable<OrderTermsRequest['profile_reuse_policy']>;

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
