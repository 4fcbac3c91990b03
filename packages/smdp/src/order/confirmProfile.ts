import { toHex } from '@esim-rsp/codec';
import { must, refusals } from '@esim-rsp/sgp22/status';
import { confirmationCodeHash } from '@esim-rsp/sgp22/value/confirmation-code';
import type { Eid } from '@esim-rsp/sgp22/value/eid';
import type { Env } from '../env.ts';
import { type CallFingerprint, fingerprint } from '../state/calls.ts';
import type { Confirmed, Profile, Released, Reserved } from '../state/profile.ts';
import { refuse as refuseAny } from '../state/refusals.ts';
import { confirm, release } from '../state/transitions.ts';
import { createOrder, type OrderTerms } from './order-terms.ts';

/** The status codes of ES2+.ConfirmOrder (5.3.2) for the order that it fixes. */
const refuse = refusals({
  eidDiffers: ['8.1.1', '3.10', 'the profile was ordered for another EID'],
  eidMissing: ['8.1.1', '2.2', 'an order with an empty MatchingID is found by its EID, so it needs one'],
  eidMissingForSmds: ['8.1.1', '2.2', 'an SM-DS finds the order by its EID, so it needs one'],
  smdsUnreachable: [
    '8.9',
    '5.1',
    'this SM-DP+ works with no SM-DS: leave smdsAddress out, and the device finds its order by the activation code or by its EID',
  ],
});

export type Confirmation = OrderTerms & {
  readonly smdsAddress?: string;
  /** Whether the profile can be downloaded at once. */
  readonly releaseFlag: boolean;
};

/**
 * Checks what an order is to be, and confirms it: ES2+.ConfirmOrder and an order over REST share this step.
 * `holder` is the profile whose order has the requested MatchingID already.
 */
export function confirmProfile(
  request: Confirmation,
  profile: Reserved,
  env: Env,
  holder?: Profile,
): Confirmed | Released {
  const { matchingId, smdsAddress, releaseFlag } = request;
  must(profile.upstream === undefined, refuseAny.atUpstream);
  const eid = eidFor(request, profile);
  must(eid !== undefined || smdsAddress === undefined, refuse.eidMissingForSmds);
  mustBeFound(eid, matchingId);
  must(holder === undefined, refuseAny.matchingIdTaken);
  must(smdsAddress === undefined, refuse.smdsUnreachable);
  const now = Math.floor(env.now / 1000);
  const order = createOrder({ ...request, ...(eid !== undefined && { eid }) }, env);
  const confirmed = confirm(profile, order, now, { confirmOrder: fingerprintOf(request) });
  return releaseFlag ? release(confirmed, now) : confirmed;
}

/** A device finds its order by the MatchingID, or by its EID if that is empty. */
export function mustBeFound(eid: Eid | undefined, matchingId: string | undefined): void {
  must(eid !== undefined || matchingId !== '', refuse.eidMissing);
}

function eidFor({ eid }: Confirmation, profile: Reserved): Eid | undefined {
  if (profile.state !== 'LINKED') return eid;
  must(eid === undefined || eid === profile.eid, refuse.eidDiffers);
  return profile.eid;
}

/** What a confirmation asks for: two that ask for the same are the same call. */
export function fingerprintOf(request: Confirmation): CallFingerprint {
  const { eid, matchingId, confirmationCode, smdsAddress, releaseFlag } = request;
  const { reusePolicy: reuse, expiresAt, reusable } = request;
  const code = confirmationCode === undefined ? undefined : toHex(confirmationCodeHash(confirmationCode));
  const beyondEs2 = [expiresAt, reusable, reuse?.type, reuse?.maxCount, reuse?.cooldownSeconds];
  return fingerprint(eid, matchingId, code, smdsAddress, releaseFlag, ...beyondEs2);
}
