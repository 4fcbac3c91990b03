import { toHex } from '@esim-rsp/codec';
import { must, refusals } from '@esim-rsp/sgp22/status';
import { confirmationCodeHash } from '@esim-rsp/sgp22/value/confirmation-code';
import type { Eid } from '@esim-rsp/sgp22/value/eid';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import { type OrderTerms, orderFor } from '../order/order-terms.ts';
import type { Decision, Env, ProtocolFunction, Reader } from '../ports.ts';
import { standing } from '../state/allowed.ts';
import { type CallFingerprint, fingerprint } from '../state/calls.ts';
import { byOperator, moved } from '../state/event.ts';
import type { Confirmed, Profile, Released, Reserved } from '../state/profile.ts';
import { confirm, release } from '../state/transitions.ts';
import { type Requester, refuse as refuseAny } from './requester.ts';

/** The status codes of ES2+.ConfirmOrder (5.3.2). */
const refuse = refusals({
  notReserved: ['8.2.1', '3.3', 'only an ordered profile can be confirmed'],
  eidDiffers: ['8.1.1', '3.10', 'the profile was ordered for another EID'],
  eidMissing: ['8.1.1', '2.2', 'an order with an empty MatchingID is found by its EID, so it needs one'],
  eidMissingForSmds: ['8.1.1', '2.2', 'an SM-DS finds the order by its EID, so it needs one'],
  matchingIdTaken: ['8.2.6', '3.3', 'another order has this MatchingID'],
});

export type ConfirmOrderRequest = Requester &
  OrderTerms & {
    readonly iccid: Iccid;
    readonly smdsAddress?: string;
    /** Whether the profile can be downloaded at once. */
    readonly releaseFlag: boolean;
  };

type Found = {
  readonly profile: Profile | undefined;
  /** Whose order has the MatchingID that was asked for. */
  readonly holder: Profile | undefined;
};

/** ES2+.ConfirmOrder (5.3.2): fixes what the order is, and releases it if asked to. */
export const confirmOrder: ProtocolFunction<ConfirmOrderRequest, Found, Profile> = { load, decide };

async function load({ iccid, matchingId }: ConfirmOrderRequest, reader: Reader): Promise<Found> {
  const named = matchingId !== undefined && matchingId !== '';
  return {
    profile: await reader.profile(iccid),
    holder: named ? await reader.profileByMatchingId(matchingId) : undefined,
  };
}

function decide(request: ConfirmOrderRequest, { profile, holder }: Found, env: Env): Decision<Profile> {
  must(profile?.account === request.account, refuseAny.iccidUnknown);
  if (profile.calls?.confirmOrder === callOf(request)) return { reply: profile, save: [] };
  must(profile.state === 'ALLOCATED' || profile.state === 'LINKED', () =>
    refuse.notReserved(standing(profile)),
  );
  const confirmed = confirmation(request, profile, env, holder);
  return { reply: confirmed, save: moved(profile, confirmed, byOperator(env)) };
}

/** The checks of an order, and the step itself: ES2+ and the order over REST share them. */
export function confirmation(
  request: ConfirmOrderRequest,
  profile: Reserved,
  env: Env,
  holder?: Profile,
): Confirmed | Released {
  const { matchingId, smdsAddress, releaseFlag } = request;
  const eid = eidFor(request, profile);
  must(eid !== undefined || smdsAddress === undefined, refuse.eidMissingForSmds);
  must(eid !== undefined || matchingId !== '', refuse.eidMissing);
  must(holder === undefined, refuse.matchingIdTaken);
  must(smdsAddress === undefined, refuseAny.smdsUnreachable);
  const now = Math.floor(env.now / 1000);
  const order = orderFor({ ...request, ...(eid !== undefined && { eid }) }, env);
  const confirmed = confirm(profile, order, now, { confirmOrder: callOf(request) });
  return releaseFlag ? release(confirmed, now) : confirmed;
}

function eidFor({ eid }: ConfirmOrderRequest, profile: Reserved): Eid | undefined {
  if (profile.state !== 'LINKED') return eid;
  must(eid === undefined || eid === profile.eid, refuse.eidDiffers);
  return profile.eid;
}

function callOf(request: ConfirmOrderRequest): CallFingerprint {
  const { eid, matchingId, confirmationCode, smdsAddress, releaseFlag } = request;
  const { reusePolicy: reuse, expiresAt, reusable } = request;
  const code = confirmationCode === undefined ? undefined : toHex(confirmationCodeHash(confirmationCode));
  const beyondEs2 = [expiresAt, reusable, reuse?.type, reuse?.maxCount, reuse?.cooldownSeconds];
  return fingerprint(eid, matchingId, code, smdsAddress, releaseFlag, ...beyondEs2);
}
