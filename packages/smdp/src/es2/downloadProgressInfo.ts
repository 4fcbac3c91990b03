import type { DownloadProgressInfo, ProgressStyle } from '@esim-rsp/sgp22/functions/es2plus';
import type { EventType, ProfileEvent } from '../state/event.ts';

/** Changes on the device after the installation, which is point 4, by style. */
const further: Readonly<Record<ProgressStyle, Readonly<Partial<Record<EventType, number>>>>> = {
  standard: {},
  '5-8': { 'profile.enabled': 6, 'profile.disabled': 7, 'profile.deleted': 8 },
  '101': { 'profile.enabled': 101, 'profile.disabled': 102, 'profile.deleted': 5 },
};

/** The notificationPointId of an event; undefined: operators of this style are not notified. */
export function notificationPointIdOf(
  { point, type }: ProfileEvent,
  style: ProgressStyle,
): number | undefined {
  return point ?? further[style][type];
}

export type ProgressOf = {
  readonly event: ProfileEvent;
  readonly notificationPointId: number;
  /** Absent: the profile has no type. */
  readonly profileType?: string | undefined;
  readonly header: DownloadProgressInfo['header'];
};

/** ES2+.HandleDownloadProgressInfo (5.3.5): the message to the operator about an event. */
export function downloadProgressInfo(progress: ProgressOf): DownloadProgressInfo {
  const { event, notificationPointId, profileType = '', header } = progress;
  const { iccid, at, actor, reason, resultData } = event;
  return {
    header,
    ...('eid' in actor && actor.eid !== undefined && { eid: actor.eid }),
    iccid,
    profileType,
    timestamp: new Date(at).toISOString().replace(/\.\d+Z$/, 'Z'),
    notificationPointId,
    notificationPointStatus:
      reason === undefined
        ? { status: 'Executed-Success' }
        : { status: 'Failed', statusCodeData: { ...reason } },
    ...(resultData !== undefined && { resultData }),
  };
}
