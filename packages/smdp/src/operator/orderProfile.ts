import { must, refusals } from '@esim-rsp/sgp22/status';
import { confirmationCodeHash } from '@esim-rsp/sgp22/value/confirmation-code';
import type { Eid } from '@esim-rsp/sgp22/value/eid';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import { type MatchingId, matchingIdFrom } from '@esim-rsp/sgp22/value/matching-id';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import type { Decision, Env, ProtocolFunction } from '../ports.ts';
import type { Order, ReusePolicy } from '../state/order.ts';
import type { Profile } from '../state/profile.ts';
import { confirm, release, reserve } from '../state/transitions.ts';

/** Status codes of ES2+.DownloadOrder and ConfirmOrder (5.3.1, 5.3.2), which this does in one step. */
const refuse = refusals({
  iccidUnknown: ['8.2.1', '3.9', 'no profile with this ICCID'],
  notAvailable: ['8.2.1', '3.3', 'only an AVAILABLE profile can be ordered'],
  eidMissing: ['8.1.1', '2.2', 'an order with an empty MatchingID is found by its EID, so it needs one'],
});

export type OrderProfileRequest = {
  readonly account: string;
  readonly iccid: Iccid;
  /** The only eUICC that may download; absent: the first one that does. */
  readonly eid?: Eid;
  /** Absent: one is drawn. Empty: the device finds the order by its EID (default SM-DP+). */
  readonly matchingId?: MatchingId;
  readonly confirmationCode?: string;
  readonly reusePolicy?: ReusePolicy;
  /** Unix seconds: in the future, at most ten years ahead. */
  readonly expiresAt?: number;
  readonly reusable?: boolean;
  /** Whether the profile can be downloaded at once. */
  readonly release: boolean;
};

const noReuse: ReusePolicy = { type: 'NEVER', maxCount: 0, cooldownSeconds: 0 };

/** Orders a Profile for one download, and releases it if asked to. */
export const orderProfile: ProtocolFunction<OrderProfileRequest, Profile | undefined, Profile> = {
  load: ({ iccid }, reader) => reader.profile(iccid),
  decide,
};

function decide(request: OrderProfileRequest, profile: Profile | undefined, env: Env): Decision<Profile> {
  must(profile?.account === request.account, refuse.iccidUnknown);
  must(profile.state === 'AVAILABLE', () => refuse.notAvailable(`this one is ${profile.state}`));
  must(request.matchingId !== '' || request.eid !== undefined, refuse.eidMissing);
  const now = Math.floor(env.now / 1000);
  const confirmed = confirm(reserve(profile, request.eid, now), orderFor(request, env), now);
  const ordered = request.release ? release(confirmed, now) : confirmed;
  return { reply: ordered, save: [{ profile: ordered }] };
}

const TEN_YEARS = 315_360_000;

function inTenYears(expiresAt: number, now: number): number {
  if (expiresAt <= now) throw new ValueError('expires_at has passed already: it is in Unix seconds');
  if (expiresAt > now + TEN_YEARS)
    throw new ValueError('expires_at is at most ten years ahead: it is in Unix seconds');
  return expiresAt;
}

function orderFor(
  { eid, matchingId, confirmationCode, expiresAt, reusable, reusePolicy = noReuse }: OrderProfileRequest,
  env: Env,
): Order {
  return {
    ...(eid !== undefined && { eid }),
    matchingId: matchingId ?? matchingIdFrom(env.random(13)),
    ...(confirmationCode !== undefined && {
      confirmationCode: {
        hash: confirmationCodeHash(confirmationCode),
        attemptsLeft: env.limits.confirmationCodeAttempts,
      },
    }),
    ...(expiresAt !== undefined && { expiresAt: inTenYears(expiresAt, Math.floor(env.now / 1000)) }),
    ...(reusable === true && { reusable }),
    downloadAttemptsLeft: env.limits.downloadAttempts,
    reusePolicy,
    reusesLeft: reusePolicy.type === 'NEVER' ? 0 : reusePolicy.maxCount,
  };
}
