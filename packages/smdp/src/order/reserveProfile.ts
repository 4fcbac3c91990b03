import { must, refusals } from '@esim-rsp/sgp22/status';
import type { Eid } from '@esim-rsp/sgp22/value/eid';
import type { Env } from '../env.ts';
import { describeState } from '../state/allowed.ts';
import type { Calls } from '../state/calls.ts';
import type { Profile, Reserved } from '../state/profile.ts';
import { refuse as refuseAny } from '../state/refusals.ts';
import { reserve } from '../state/transitions.ts';

/** The status codes of ES2+.DownloadOrder (5.3.1) for the profile that it reserves. */
const refuse = refusals({
  notAvailable: ['8.2.1', '3.3', 'only an AVAILABLE profile can be ordered'],
  typeDiffers: ['8.2.5', '3.8', 'the profile with this ICCID is of another type'],
});

export type Reservation = {
  readonly account: string;
  /** The only eUICC that may download. */
  readonly eid?: Eid;
  /** Absent: any type. */
  readonly profileType?: string;
};

/** Checks that a profile can be reserved, and reserves it: ES2+.DownloadOrder and an order over REST share this step. */
export function reserveProfile(
  { account, eid, profileType }: Reservation,
  profile: Profile | undefined,
  env: Env,
  calls?: Calls,
): Reserved {
  must(profile?.account === account, refuseAny.iccidUnknown);
  must(profile.state === 'AVAILABLE', () => refuse.notAvailable(describeState(profile, 'order')));
  must(profile.upstream === undefined, refuseAny.atUpstream);
  must(profileType === undefined || profileType === profile.profileType, () =>
    refuse.typeDiffers(profile.profileType ?? 'it has none'),
  );
  return reserve(profile, eid, Math.floor(env.now / 1000), calls);
}
