import { must, refusals } from '@esim-rsp/sgp22/status';
import type { Eid } from '@esim-rsp/sgp22/value/eid';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { Env } from '../env.ts';
import { cancelWithChecks } from '../order/cancelProfile.ts';
import { type Deciding, type Found, renewingPpk } from '../order/renew-ppk.ts';
import type { Decision } from '../run.ts';
import { fingerprint } from '../state/calls.ts';
import { eidOf, orderOf, type Profile } from '../state/profile.ts';
import { refuse as refuseAny } from '../state/refusals.ts';
import { causeOf, type Requester } from './requester.ts';

/** The status codes of ES2+.CancelOrder (5.3.3). */
const refuse = refusals({
  eidMissing: ['8.1.1', '2.2', 'the order is for one EID: name it'],
  eidDiffers: ['8.1.1', '3.10', 'the order is not for this EID'],
  matchingIdMissing: ['8.2.6', '2.2', 'the order has a MatchingID: name it'],
  matchingIdDiffers: ['8.2.6', '3.10', 'the order has not this MatchingID'],
});

export const finalProfileStatusIndicators = ['Available', 'Unavailable'] as const;

export type CancelOrderRequest = Requester & {
  readonly iccid: Iccid;
  readonly eid?: Eid;
  /** As it was sent: one that is no MatchingID is not that of the order. */
  readonly matchingId?: string;
  readonly finalProfileStatusIndicator: (typeof finalProfileStatusIndicators)[number];
};

/**
 * ES2+.CancelOrder (5.3.3): the order is gone. The sessions in which somebody downloads by it end with it, because each
 * knows the order that it began with.
 */
export const cancelOrder: Deciding<CancelOrderRequest, Found, Profile> = renewingPpk({
  load: ({ iccid }, reader) => reader.profile(iccid),
  decide,
});

function decide(request: CancelOrderRequest, profile: Profile | undefined, env: Env): Decision<Profile> {
  must(profile?.account === request.account, refuseAny.iccidUnknown);
  const call = callOf(request);
  if (call !== undefined && profile.calls?.cancelOrder === call) return { reply: profile, save: [] };
  mustBeItsOrder(request, profile);
  const state = request.finalProfileStatusIndicator === 'Available' ? 'AVAILABLE' : 'UNAVAILABLE';
  return cancelWithChecks(profile, state, causeOf(request, env), call && { cancelOrder: call });
}

/** EID and MatchingID protect a new order from a late call that was meant for an earlier one. */
function mustBeItsOrder({ eid, matchingId }: CancelOrderRequest, profile: Profile): void {
  if (profile.state === 'AVAILABLE' || profile.state === 'UNAVAILABLE') return;
  const linked = profile.state === 'LINKED' ? profile.eid : orderOf(profile)?.eid;
  must(eid !== undefined || linked === undefined, refuse.eidMissing);
  must(eid === undefined || eid === (linked ?? eidOf(profile)), refuse.eidDiffers);
  const ordered = orderOf(profile)?.matchingId ?? '';
  must(matchingId !== undefined || ordered === '', refuse.matchingIdMissing);
  must((matchingId ?? '') === ordered, refuse.matchingIdDiffers);
}

function callOf(request: CancelOrderRequest) {
  const { functionCallIdentifier, eid, matchingId, finalProfileStatusIndicator } = request;
  if (functionCallIdentifier === undefined) return undefined;
  return fingerprint(functionCallIdentifier, eid, matchingId, finalProfileStatusIndicator);
}
