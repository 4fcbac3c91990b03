import { parseEid } from '@esim-rsp/sgp22/value/eid';
import { parseMatchingId } from '@esim-rsp/sgp22/value/matching-id';
import type { OrderTerms as Terms } from '@esim-rsp/smdp/order/order-terms';
import type { ReusePolicy } from '@esim-rsp/smdp/state/order';
import { type Static, Type } from '@sinclair/typebox';
import { about, closed, inWords, named } from '../../shapes/shape.ts';
import { secondsOf, Time } from '../../shapes/time.ts';
import { HttpProblem } from '../frame/problem.ts';
import { ReuseType } from '../profiles/profile.ts';

const ReuseCount = Type.Integer({
  minimum: 0,
  maximum: 1_000_000,
  description: 'How often the Profile may go back to RELEASED in all; without it, once, or never with NEVER',
});

export const ProfileReusePolicyRequest = named(
  'ProfileReusePolicyRequest',
  Type.Object(
    {
      reuse_type: about('Who may download the Profile again', ReuseType),
      max_count: Type.Optional(ReuseCount),
      maxReuseCount: Type.Optional(
        about('Another name of max_count: where both are present, they are equal', ReuseCount),
      ),
      cooldownPeriod: Type.Optional(
        Type.Integer({
          minimum: 0,
          maximum: 315_360_000,
          description: 'Seconds that the Profile stays DELETED before it is RELEASED again; without it, 0',
        }),
      ),
    },
    { ...closed, description: 'What happens after the Profile left its device' },
  ),
);

export const ConfirmationCode = Type.String({ minLength: 1, maxLength: 128 });
export const ExpiresAt = Time('When the order expires: at most ten years ahead; without it, never');

export const OrderTerms = named(
  'OrderTerms',
  Type.Object(
    {
      eid: Type.Optional(
        Type.String({
          pattern: '^[0-9]{32}$',
          ...inWords('32 decimal digits'),
          description:
            'The only eUICC that may download the Profile: 32 decimal digits; without it, the first eUICC that downloads it',
        }),
      ),
      matching_id: Type.Optional(
        Type.String({
          pattern: '^[0-9A-Z-]{0,80}$',
          ...inWords('at most 80 digits, upper-case letters and -'),
          description:
            "The MatchingID: digits, upper-case letters and '-'; without it, the server generates one. Empty: the device finds the order by its EID, at its default SM-DP+",
        }),
      ),
      confirmation_code: Type.Optional(
        about('A code that the user must type on the device; without it, none', ConfirmationCode),
      ),
      profile_reuse_policy: Type.Optional(
        about('What happens after the Profile left its device; without it, NEVER', ProfileReusePolicyRequest),
      ),
      expires_at: Type.Optional(ExpiresAt),
      reusable: Type.Optional(
        Type.Boolean({
          description:
            'For labs: any number of devices may download the Profile, and the order stays RELEASED',
        }),
      ),
    },
    { description: 'The terms of an order' },
  ),
);
export type OrderTerms = Static<typeof OrderTerms>;

export const Release = Type.Boolean({
  default: true,
  description: 'Whether to release the Profile for download at once',
});

export const orderExample = {
  profile_reuse_policy: { reuse_type: 'SAME_EID', max_count: 2, cooldownPeriod: 3600 },
};

/** The terms in a request. */
export function orderTermsOf(body: OrderTerms): Terms {
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

type Policy = NonNullable<OrderTerms['profile_reuse_policy']>;

/** The reuse policy in a request. */
export function reusePolicyOf({
  reuse_type,
  max_count,
  maxReuseCount,
  cooldownPeriod = 0,
}: Policy): ReusePolicy {
  if (max_count !== undefined && maxReuseCount !== undefined && max_count !== maxReuseCount)
    throw new HttpProblem(
      400,
      'validation_failed',
      'max_count and maxReuseCount are two names of one number, and they differ: send one of them',
    );
  const maxCount = max_count ?? maxReuseCount ?? (reuse_type === 'NEVER' ? 0 : 1);
  return { type: reuse_type, maxCount, cooldownSeconds: cooldownPeriod };
}
