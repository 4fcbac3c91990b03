import type { Eid } from '@esim-rsp/sgp22/value/eid';
import { type EarlierDevice, orderOf, type Profile } from './profile.ts';

/** Profiles rarely had more eUICCs than this; the oldest ones are forgotten. */
const MOST_DEVICES = 8;

/** Lower than any sequence number. */
const NO_NUMBER = -1;

/** What is known of an eUICC from the time before the present download; undefined: it did not have the Profile. */
export function earlierDevice(
  { earlierDevices = [] }: Pick<Profile, 'earlierDevices'>,
  eid: Eid,
): EarlierDevice | undefined {
  return earlierDevices.find((one) => one.eid === eid) ?? earlierDevices.find((one) => one.eid === 'any');
}

/** The eUICCs with the news of one of them; it becomes the latest. */
export function withEarlierDevice(
  { earlierDevices = [] }: Pick<Profile, 'earlierDevices'>,
  device: EarlierDevice,
): readonly EarlierDevice[] {
  return [...earlierDevices.filter(({ eid }) => eid !== device.eid), device].slice(-MOST_DEVICES);
}

/**
 * The eUICCs when the Profile leaves the one that has it, or its package. What that one reports later is about an earlier installation,
 * unless it has reported that it deleted the Profile.
 */
export function devicesAfterLeaving(profile: Profile): readonly EarlierDevice[] | undefined {
  const left = leavingDevice(profile);
  return left === undefined ? profile.earlierDevices : withEarlierDevice(profile, left);
}

function leavingDevice(profile: Profile): EarlierDevice | undefined {
  if (profile.state === 'RELEASED' && orderOf(profile)?.reusable === true)
    return { eid: 'any', lastSeqNumber: NO_NUMBER, isDeleted: false };
  if ('device' in profile && profile.device !== undefined) {
    const { eid, lastSeqNumber } = profile.device;
    const known = earlierDevice(profile, eid);
    const isAssumed = known !== undefined && !known.isDeleted && known.lastSeqNumber >= lastSeqNumber;
    return { eid, lastSeqNumber, isDeleted: profile.state === 'DELETED' && !isAssumed };
  }
  if (!('binding' in profile) || profile.binding === undefined) return undefined;
  const { eid } = profile.binding;
  return { eid, lastSeqNumber: earlierDevice(profile, eid)?.lastSeqNumber ?? NO_NUMBER, isDeleted: false };
}
