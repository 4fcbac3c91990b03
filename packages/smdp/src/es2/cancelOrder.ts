import { must, refusals } from '@esim-rsp/sgp22/status';
import type { Eid } from '@esim-rsp/sgp22/value/eid';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { MatchingId } from '@esim-rsp/sgp22/value/matching-id';
import type { Env } from '../env.ts';
import type { Decision, ProtocolFunction } from '../run.ts';
import { standing } from '../state/allowed.ts';
import { fingerprint } from '../state/calls.ts';
import { moveProfile } from '../state/change.ts';
import {
  type Confirmed,
  eidOf,
  orderOf,
  type Profile,
  type Released,
  type Reserved,
} from '../state/profile.ts';
import { refuse as refuseAny } from '../state/refusals.ts';
import { cancel } from '../state/transitions.ts';
import { causeOf, type Requester } from './requester.ts';

/** The status codes of ES2+.CancelOrder (5.3.3). */
const refuse = refusals({
  eidMissing: ['8.1.1', '2.2', 'the order is for one EID: name it'],
  eidDiffers: ['8.1.1', '3.10', 'the order is not for this EID'],
  matchingIdMissing: ['8.2.6', '2.2', 'the order has a MatchingID: name it'],
  matchingIdDiffers: ['8.2.6', '3.10', 'the order has not this MatchingID'],
  notCancellable: [
    '8.2.1',
    '3.3',
    'only an ALLOCATED, LINKED, CONFIRMED or RELEASED profile has an order to cancel',
  ],
});

export const finalProfileStatusIndicators = ['Available', 'Unavailable'] as const;

export type CancelOrderRequest = Requester & {
  readonly iccid: Iccid;
  readonly eid?: Eid;
  readonly matchingId?: MatchingId;
  readonly finalProfileStatusIndicator: (typeof finalProfileStatusIndicators)[number];
};

/**
 * ES2+.CancelOrder (5.3.3): the order is gone. The sessions in which somebody downloads by it end with it, because each
 * knows the order that it began with.
 */
export const cancelOrder: ProtocolFunction<CancelOrderRequest, Profile | undefined, Profile> = {
  load: ({ iccid }, reader) => reader.profile(iccid),
  decide,
};

function decide(request: CancelOrderRequest, profile: Profile | undefined, env: Env): Decision<Profile> {
  must(profile?.account === request.account, refuseAny.iccidUnknown);
  const call = callOf(request);
  if (call !== undefined && profile.calls?.cancelOrder === call) return { reply: profile, save: [] };
  mustBeItsOrder(request, profile);
  must(cancellable(profile), () => refuse.notCancellable(standing(profile)));
  const state = request.finalProfileStatusIndicator === 'Available' ? 'AVAILABLE' : 'UNAVAILABLE';
  const calls = call === undefined ? undefined : { cancelOrder: call };
  const cancelled = cancel(profile, state, Math.floor(env.now / 1000), calls);
  return { reply: cancelled, save: moveProfile(profile, cancelled, causeOf(request, env)) };
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

function cancellable(profile: Profile): profile is Reserved | Confirmed | Released {
  const { state } = profile;
  return state === 'ALLOCATED' || state === 'LINKED' || state === 'CONFIRMED' || state === 'RELEASED';
}

function callOf(request: CancelOrderRequest) {
  const { functionCallIdentifier, eid, matchingId, finalProfileStatusIndicator } = request;
  if (functionCallIdentifier === undefined) return undefined;
  return fingerprint(functionCallIdentifier, eid, matchingId, finalProfileStatusIndicator);
}
