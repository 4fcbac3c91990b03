import { must, refusals } from '@esim-rsp/sgp22/status';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { Decision, ProtocolFunction } from '../run.ts';
import { recordEvent } from '../state/change.ts';
import { byUser } from '../state/event.ts';
import { type Profile, readyOf } from '../state/profile.ts';
import type { Purge } from '../state/purge.ts';
import { refuse as refuseAny } from '../state/refusals.ts';

const refuse = refusals({
  onDevice: [
    '8.2.1',
    '3.5',
    'an eUICC has this profile, or may have it: delete it there first, or force the deletion. The profile then stays on its device, and what that reports is ignored',
  ],
});

export type PurgeProfileRequest = Pick<Purge, 'history'> & {
  readonly account: string;
  readonly iccid: Iccid;
  /** Whether to delete a Profile that is on a device, or may be. */
  readonly force: boolean;
};

/**
 * Deletes a Profile from this SM-DP+, whatever its state; an order and its sessions end with it. The last event says so, and stays:
 * subscribers learn that the ICCID is free. Not to be confused with a Profile that is DELETED from its device.
 */
export const purgeProfile: ProtocolFunction<PurgeProfileRequest, Profile | undefined, void> = {
  load: ({ iccid }, reader) => reader.profile(iccid),
  decide: ({ account, iccid, history, force }, profile, env): Decision<void> => {
    must(profile?.account === account, refuseAny.iccidUnknown);
    must(profile.operation === undefined, refuseAny.operationOpen);
    must(readyOf(profile) === undefined, refuseAny.keptReady);
    must(force || !mayBeOnDevice(profile), () => refuse.onDevice(`it is ${profile.state}`));
    const event = recordEvent('profile.purged', { from: profile, to: profile }, byUser(env));
    const { version, es2Calls = [] } = profile;
    return {
      reply: undefined,
      save: [{ purge: { iccid, account, version, es2Calls, at: env.now, history } }, event],
    };
  },
};

/** Whether an eUICC has a package of the Profile and did not report that it is gone. */
function mayBeOnDevice(profile: Profile): boolean {
  switch (profile.state) {
    case 'DOWNLOADED':
    case 'INSTALLED':
    case 'ENABLED':
    case 'DISABLED':
      return true;
    case 'RELEASED':
      return profile.binding !== undefined || !['DELETED', undefined].includes(profile.device?.state);
    default:
      return false;
  }
}
