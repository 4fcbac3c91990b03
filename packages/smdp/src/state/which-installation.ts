import { equal } from '@esim-rsp/codec';
import type { Eid } from '@esim-rsp/sgp22/value/eid';
import { earlierDevice } from './earlier-devices.ts';
import {
  type Device,
  type Downloaded,
  eidOf,
  type Failed,
  isOnDevice,
  type OnDevice,
  type Profile,
  type ProfileState,
  type Released,
} from './profile.ts';
import type { Bound, Cancelled } from './session.ts';
import type { Use } from './use.ts';

/**
 * Which installation of a Profile a message of an eUICC is about. The sequence numbers of an eUICC only grow, and a Profile is there at most once: it has to be
 * deleted before it can be installed again.
 */

export type News = { readonly eid: Eid; readonly state: OnDevice['state']; readonly seqNumber: number };

/** Whether the eUICC has the Profile, as far as is known, and so can report something about it. */
export function canReport(
  profile: Profile,
  eid: Eid,
  use: Use | undefined,
): profile is Released | Downloaded | OnDevice {
  if (profile.state === 'RELEASED' && profile.order.reusable === true)
    return use?.binding !== undefined || deviceOf(profile, eid, use) !== undefined;
  const isOut = profile.state === 'DOWNLOADED' || ('device' in profile && profile.device !== undefined);
  return isOut && eidOf(profile) === eid;
}

type Reported = Omit<Device, 'state'> & { readonly state: ProfileState };

/** What this eUICC reported last. */
export function deviceOf(profile: Profile, eid: Eid, use: Use | undefined): Reported | undefined {
  const shown = 'device' in profile && profile.device?.eid === eid ? profile.device : undefined;
  const device = use?.device ?? shown;
  return device && { ...device, state: device.state ?? profile.state };
}

/** Whether the eUICC has reported something more recent before: its sequence numbers only grow. */
export function isLate(before: Reported | undefined, state: OnDevice['state'], seqNumber: number): boolean {
  if (before === undefined) return false;
  return seqNumber <= before.lastSeqNumber || (state === 'INSTALLED' && before.state !== 'INSTALLED');
}

/**
 * Whether the first news after a package was handed out is about that one: the eUICC did not have the Profile before, or has reported that it
 * deleted it.
 */
export function isOfPresentDownload(profile: Profile, eid: Eid, hasFormer = false): boolean {
  const earlier = earlierDevice(profile, eid);
  return earlier === undefined ? !hasFormer : earlier.isDeleted;
}

/** The highest number that this eUICC has reported about the Profile. */
export function lastNumberOf(profile: Profile, eid: Eid, use: Use | undefined): number {
  const before = deviceOf(profile, eid, use) ?? earlierDevice(profile, eid);
  return before?.lastSeqNumber ?? Number.NEGATIVE_INFINITY;
}

/** Whether this eUICC has the package, or the order is reusable. */
export function isDownloadedBy(profile: Profile, eid: Eid): profile is Released | Downloaded {
  if (profile.state !== 'DOWNLOADED' && profile.state !== 'RELEASED') return false;
  return profile.order.reusable === true || profile.binding?.eid === eid;
}

/**
 * An eUICC may have installed what was cancelled or released again since, and installed again what it has deleted; it cannot have what returned
 * after it was deleted, unless the result is more recent than the deletion.
 */
export function canBeInstalled(
  profile: Profile,
  eid: Eid,
): profile is Released | Downloaded | OnDevice | Failed {
  if (profile.state === 'ERROR') return true;
  if (isOnDevice(profile)) return profile.device.eid === eid;
  if (profile.state !== 'RELEASED' || profile.binding !== undefined) return isDownloadedBy(profile, eid);
  if (earlierDevice(profile, eid)?.isDeleted) return true;
  const { reusable, reusesLeft, reusePolicy } = profile.order;
  return reusable === true || reusesLeft === reusePolicy.maxCount;
}

/** Whether the session handed out the package that its eUICC has of the Profile, or one before that. Retries of a download have the same one-time key. */
export function downloadOf(
  { euiccOtpk, eid }: Bound | Cancelled,
  profile: Profile,
  use: Use | undefined,
): 'present' | 'earlier' | 'unknown' {
  const shown = 'binding' in profile && profile.binding?.eid === eid ? profile.binding : undefined;
  const binding = use?.binding ?? shown;
  if (euiccOtpk === undefined || binding === undefined) return 'unknown';
  return equal(euiccOtpk, binding.euiccOtpk) ? 'present' : 'earlier';
}
