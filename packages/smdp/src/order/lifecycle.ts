import { must, refusals } from '@esim-rsp/sgp22/status';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { Env } from '../env.ts';
import type { Decision } from '../run.ts';
import { allowed, describeState, type ProfileAction } from '../state/allowed.ts';
import { moveProfile } from '../state/change.ts';
import { byUser } from '../state/event.ts';
import type { Downloaded, Failed, OnDevice, Profile } from '../state/profile.ts';
import { refuse as refuseAny } from '../state/refusals.ts';
import { canReturn, leaveDevice } from '../state/reuse.ts';
import { releaseAgain, report, stockAgain } from '../state/transitions.ts';
import { type Deciding, type Found, renewingPpk } from './renew-ppk.ts';

/** What an operator does with Profiles beyond ES2+: the returns that SGP.22 3.1.6 leaves to operator and SM-DP+. */
const refuse = refusals({
  notAllowed: ['8.2.1', '3.5', 'the state of the profile does not allow this'],
  noReturn: ['8.2.1', '3.5', 'the reuse policy of the profile allows no further download'],
});

export type LifecycleRequest = { readonly account: string; readonly iccid: Iccid };
type Lifecycle = Deciding<LifecycleRequest, Found, Profile>;

function lifecycle(
  action: ProfileAction,
  step: (profile: Profile, env: Env) => Decision<Profile>,
): Lifecycle {
  return renewingPpk({
    load: ({ iccid }, reader) => reader.profile(iccid),
    decide: ({ account }, profile, env) => {
      must(profile?.account === account, refuseAny.iccidUnknown);
      must(allowed[profile.state].includes(action), () => refuse.notAllowed(describeState(profile)));
      return step(profile, env);
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
export const resetProfile = lifecycle('reset', (profile, env) =>
  saveMove(profile, stockAgain(profile, 'AVAILABLE', seconds(env)), env),
);

/**
 * Lets a Profile be downloaded again. A download that failed or got lost restarts under the same order; a Profile
 * that was on a device returns as its reuse policy says, after the cool-down.
 */
export const reReleaseProfile = lifecycle('re-release', (profile, env) => {
  if (isUnfinished(profile)) return saveMove(profile, releaseAgain(profile, env), env);
  return startReturn(profile as OnDevice, env);
});

function isUnfinished(profile: Profile): profile is Downloaded | Failed {
  return profile.state === 'DOWNLOADED' || profile.state === 'ERROR';
}

function startReturn(profile: OnDevice, env: Env): Decision<Profile> {
  must(canReturn(profile.order), () => refuse.noReturn(describeState(profile)));
  if (profile.order.returnsAt !== undefined) return { reply: profile, save: [] }; // it is on its way
  const { eid, lastSeqNumber: seqNumber } = profile.device;
  const deleted = report(profile, 'DELETED', { eid, seqNumber }, seconds(env)) as OnDevice;
  const { after, save } = leaveDevice(profile, deleted, byUser(env), env);
  return { reply: after, save };
}
