import { must, refusals } from '@esim-rsp/sgp22/status';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { Env } from '../env.ts';
import type { Decision } from '../run.ts';
import { allowed, describeState, type ProfileAction } from '../state/allowed.ts';
import { moveProfile, recordEvent } from '../state/change.ts';
import { withEarlierDevice } from '../state/earlier-devices.ts';
import { byUser } from '../state/event.ts';
import { hasExpired } from '../state/order.ts';
import {
  type Downloaded,
  type Failed,
  type OnDevice,
  orderOf,
  type Profile,
  readyOf,
} from '../state/profile.ts';
import { refuse as refuseAny } from '../state/refusals.ts';
import { canReturn, leaveDevice, returnTime } from '../state/reuse.ts';
import { releaseAgain, report, stockAgain } from '../state/transitions.ts';
import { withExpiry } from './order-terms.ts';
import { type Deciding, type Found, renewingPpk } from './renew-ppk.ts';

/** What an operator does with Profiles beyond ES2+: the returns that SGP.22 3.1.6 leaves to operator and SM-DP+. */
const refuse = refusals({
  notAllowed: ['8.2.1', '3.5', 'the state of the profile does not allow this'],
  noReturn: [
    '8.2.1',
    '3.5',
    'the reuse policy of the profile allows no further download: update the policy first, or order another profile',
  ],
  orderedThere: [
    '8.2.1',
    '3.5',
    'the upstream of the profile has an order for it: replace the profile, or retire it',
  ],
});

export type LifecycleRequest = { readonly account: string; readonly iccid: Iccid };

function lifecycle<Q extends LifecycleRequest>(
  action: ProfileAction,
  step: (profile: Profile, env: Env, request: Q) => Decision<Profile>,
): Deciding<Q, Found, Profile> {
  return renewingPpk({
    load: ({ iccid }, reader) => reader.profile(iccid),
    decide: (request, profile, env) => {
      must(profile?.account === request.account, refuseAny.iccidUnknown);
      must(allowed[profile.state].includes(action), () => refuse.notAllowed(describeState(profile, action)));
      must(profile.operation === undefined, refuseAny.operationOpen);
      must(readyOf(profile) === undefined, refuseAny.keptReady);
      return step(profile, env, request);
    },
  });
}

const saveMove = (from: Profile, to: Profile, env: Env): Decision<Profile> => ({
  reply: to,
  save: moveProfile(from, to, byUser(env)),
});
const seconds = ({ now }: Env) => Math.floor(now / 1000);

/** Retires a Profile: it cannot be ordered. */
export const retireProfile = lifecycle('retire', (profile, env) =>
  saveMove(profile, stockAgain(profile, 'UNAVAILABLE', seconds(env)), env),
);

/** Puts a Profile back into stock; its order is gone. */
export const resetProfile = lifecycle('reset', (profile, env) => {
  const isFreeThere = profile.state === 'UNAVAILABLE' || orderOf(profile)?.isCancelledThere === true;
  must(profile.upstream === undefined || isFreeThere, refuse.orderedThere);
  return saveMove(profile, stockAgain(profile, 'AVAILABLE', seconds(env)), env);
});

export type ReReleaseRequest = LifecycleRequest & {
  /** Unix seconds: when the order expires from now on; null: never; absent: as before. */
  readonly expiresAt?: number | null;
};

/**
 * Lets a Profile be downloaded again. A download that failed or got lost restarts under the same order; a Profile
 * that was on a device returns as its reuse policy says, after the cool-down. An order that has expired needs a new expiry.
 */
export const reReleaseProfile = lifecycle<ReReleaseRequest>('re-release', (profile, env, { expiresAt }) => {
  must(profile.upstream === undefined, refuseAny.atUpstream);
  if (isUnfinished(profile)) {
    const order = withExpiry(profile.order, expiresAt, env);
    must(!hasExpired(order, env), refuseAny.expiryNeeded);
    return saveMove(profile, releaseAgain({ ...profile, order }, env), env);
  }
  return returnFromDevice(profile as OnDevice, expiresAt, env);
});

/** Lets a Profile that a device has, or had, return as its reuse policy says. */
export function returnFromDevice(
  profile: OnDevice,
  expiresAt: ReReleaseRequest['expiresAt'],
  env: Env,
): Decision<Profile> {
  return startReturn(profile, { ...profile, order: withExpiry(profile.order, expiresAt, env) }, env);
}

function isUnfinished(profile: Profile): profile is Downloaded | Failed {
  return profile.state === 'DOWNLOADED' || profile.state === 'ERROR';
}

/** `profile` is the stored one with the requested expiry. */
function startReturn(stored: OnDevice, profile: OnDevice, env: Env): Decision<Profile> {
  const { order } = profile;
  must(canReturn(order), () => refuse.noReturn(describeState(profile, 're-release')));
  if (stored.order.returnsAt !== undefined) return keepReturning(stored, profile, env);
  must(returnTime(order, env) !== undefined, refuseAny.expiryNeeded);
  const { eid, lastSeqNumber: seqNumber } = profile.device;
  const reported = report(profile, 'DELETED', { eid, seqNumber }, seconds(env)) as OnDevice;
  const deleted = profile.state === 'DELETED' ? reported : assumeDeleted(reported);
  const { after, save } = leaveDevice(profile, deleted, byUser(env), env);
  return { reply: after, save };
}

/** The user says that the Profile has left its device; the device did not report it, and may do so later. */
function assumeDeleted(profile: OnDevice): OnDevice {
  const { eid, lastSeqNumber } = profile.device;
  const device = { eid, lastSeqNumber, isDeleted: false };
  return { ...profile, earlierDevices: withEarlierDevice(profile, device) };
}

/** Its cool-down has started: only the expiry can change. */
function keepReturning(stored: OnDevice, profile: OnDevice, env: Env): Decision<Profile> {
  const { returnsAt = 0 } = stored.order;
  must(!hasExpired(profile.order, { now: returnsAt * 1000 }), refuseAny.expiryNeeded);
  if (profile.order.expiresAt === stored.order.expiresAt) return { reply: stored, save: [] };
  const event = recordEvent('profile.updated', { from: stored, to: profile }, byUser(env));
  return { reply: profile, save: [{ profile }, event] };
}
