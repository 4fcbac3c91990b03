import { must, refusals } from '@esim-rsp/sgp22/status';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { Decision } from '../run.ts';
import { allowed, describeState } from '../state/allowed.ts';
import type { Calls } from '../state/calls.ts';
import { moveProfile } from '../state/change.ts';
import { byUser, type Cause } from '../state/event.ts';
import type { Confirmed, Profile, Released, Reserved, Stocked } from '../state/profile.ts';
import { refuse as refuseAny } from '../state/refusals.ts';
import { cancel } from '../state/transitions.ts';
import { type Deciding, type Found, renewingPpk } from './renew-ppk.ts';

const refuse = refusals({
  notCancellable: [
    '8.2.1',
    '3.3',
    'only an ALLOCATED, LINKED, CONFIRMED or RELEASED profile has an order to cancel',
  ],
});

export type CancelProfileRequest = {
  readonly account: string;
  readonly iccid: Iccid;
  /** The state of the profile without its order. */
  readonly finalState: Stocked['state'];
};

/** Cancels the order of a Profile, whichever it is. The sessions that download by it end. */
export const cancelProfile: Deciding<CancelProfileRequest, Found, Profile> = renewingPpk({
  load: ({ iccid }, reader) => reader.profile(iccid),
  decide: ({ account, finalState }, profile, env): Decision<Profile> => {
    must(profile?.account === account, refuseAny.iccidUnknown);
    return cancelWithChecks(profile, finalState, byUser(env));
  },
});

/** Checks that a profile has an order that can be cancelled, and cancels it: ES2+.CancelOrder (5.3.3) shares this step. */
export function cancelWithChecks(
  profile: Profile,
  finalState: Stocked['state'],
  cause: Cause,
  calls?: Calls,
): Decision<Profile> {
  must(isCancellable(profile), () => refuse.notCancellable(describeState(profile, 'cancel')));
  must(profile.upstream === undefined, refuseAny.atUpstream);
  const cancelled = cancel(profile, finalState, Math.floor(cause.at / 1000), calls);
  return { reply: cancelled, save: moveProfile(profile, cancelled, cause) };
}

function isCancellable(profile: Profile): profile is Reserved | Confirmed | Released {
  return allowed[profile.state].includes('cancel');
}
