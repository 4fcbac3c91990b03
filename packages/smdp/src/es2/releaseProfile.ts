import { must, refusals } from '@esim-rsp/sgp22/status';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { Env } from '../env.ts';
import type { Decision, ProtocolFunction } from '../run.ts';
import { describeState } from '../state/allowed.ts';
import { fingerprint } from '../state/calls.ts';
import { moveProfile } from '../state/change.ts';
import type { Profile } from '../state/profile.ts';
import { refuse as refuseAny } from '../state/refusals.ts';
import { release } from '../state/transitions.ts';
import { causeOf, type Requester } from './requester.ts';

/** The status codes of ES2+.ReleaseProfile (5.3.4). */
const refuse = refusals({
  notConfirmed: ['8.2.1', '3.5', 'only a CONFIRMED profile can be released'],
});

export type ReleaseProfileRequest = Requester & { readonly iccid: Iccid };

/** ES2+.ReleaseProfile (5.3.4): the Profile can be downloaded from now on. */
export const releaseProfile: ProtocolFunction<ReleaseProfileRequest, Profile | undefined, Profile> = {
  load: ({ iccid }, reader) => reader.profile(iccid),
  decide,
};

const call = fingerprint('releaseProfile');

function decide(request: ReleaseProfileRequest, profile: Profile | undefined, env: Env): Decision<Profile> {
  must(profile?.account === request.account, refuseAny.iccidUnknown);
  if (profile.calls?.releaseProfile === call) return { reply: profile, save: [] };
  must(profile.state === 'CONFIRMED', () => refuse.notConfirmed(describeState(profile, 'release')));
  const released = release(profile, Math.floor(env.now / 1000), { releaseProfile: call });
  return { reply: released, save: moveProfile(profile, released, causeOf(request, env)) };
}
