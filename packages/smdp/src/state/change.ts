import type { StatusCode } from '@esim-rsp/sgp22/status';
import { allowed } from './allowed.ts';
import type { ProfileContent } from './content.ts';
import type { Cause, EventType, ProfileEvent } from './event.ts';
import type { Operation } from './gateway/operation.ts';
import type { InstallLinkChange } from './install-link.ts';
import type { Profile, ProfileState, Released } from './profile.ts';
import type { Purge } from './purge.ts';
import type { Session } from './session.ts';
import type { Use } from './use.ts';

/**
 * One record to write. A session or Profile of version 0 is inserted; otherwise the stored version must still be the
 * same. An event is added to those before it.
 */
export type Change =
  | { readonly session: Session }
  | {
      readonly profile: Profile;
      readonly content?: ProfileContent;
      /** Of a new Profile: the save is `stale` if another one of the account that is in use has its IMSI. */
      readonly uniqueImsi?: true;
    }
  /** As a Profile: inserted, or the next version. */
  | { readonly use: Use }
  /**
   * What the Profile of a reusable order shows of the latest of its downloads: device and reason. The last one to write is shown. Nothing else
   * of the stored Profile changes, its version included, so that downloads at the same time do not wait for each other.
   */
  | { readonly latest: Released }
  | { readonly event: ProfileEvent }
  /** Writes nothing: the stored Profile must be of this version until the save is done. For events that change nothing of their Profile. */
  | { readonly unchanged: Profile }
  | { readonly purge: Purge }
  /** Inserted, or the next version, as a Profile. */
  | { readonly operation: Operation }
  | { readonly installLink: InstallLinkChange }
  /** The first `numbers` numbers of a template are used. A lower count than the stored one, or a template that is gone, changes nothing. */
  | { readonly passed: { readonly template: string; readonly numbers: number } };

/** `stale`: somebody else wrote first, the record to insert exists, its ICCID was reserved for another account in between, its IMSI must be its own and is another's, or the same call reserved another profile. `matchingIdTaken`: another order has that MatchingID. */
export type Saved = 'saved' | 'stale' | 'matchingIdTaken';

/** Saves a Profile in its new state and records the event. Nothing is saved if the Profile is the same. */
export function moveProfile(from: Profile, to: Profile, cause: Cause): readonly Change[] {
  return from === to ? [] : [{ profile: to }, ...recordTransition(from, to, cause)];
}

/** Saves what a download or a device has done to a Profile. If its order is reusable, the other downloads continue. */
export function moveDownload(from: Profile, to: Profile, cause: Cause): readonly Change[] {
  if (from === to) return [];
  const change = saveDownload(to);
  return [change, ...('latest' in change ? [{ unchanged: from }] : []), ...recordTransition(from, to, cause)];
}

export function saveDownload(to: Profile): Change {
  return to.state === 'RELEASED' && to.order.reusable === true ? { latest: to } : { profile: to };
}

/** Records that a Profile has changed its state; nothing if it has not. */
export function recordTransition(from: Profile | undefined, to: Profile, cause: Cause): readonly Change[] {
  const type = typeOf(from, to);
  return type === undefined ? [] : [recordEvent(type, { from, to, reason: reasonOf(to) }, cause)];
}

type EventFacts = {
  readonly from: Profile | undefined;
  readonly to: Profile;
  readonly reason?: StatusCode | undefined;
  readonly message?: string;
};

/** Records that something happened to a Profile, whether or not its state has changed. */
export function recordEvent(
  type: EventType,
  { from, to, reason, message }: EventFacts,
  cause: Cause,
): Change {
  const { iccid, account, state } = to;
  return {
    event: {
      type,
      iccid,
      account,
      ...cause,
      ...(from !== undefined && { from: from.state }),
      to: state,
      ...(reason !== undefined && { reason }),
      ...(message !== undefined && { message }),
    },
  };
}

/**
 * Records that something happened to a Profile without changing it. Saved only while the Profile is as it was: otherwise the event could follow
 * one in its history that came later.
 */
export function recordUnchanged(
  type: EventType,
  { to, ...facts }: EventFacts,
  cause: Cause,
): readonly Change[] {
  return [{ unchanged: to }, recordEvent(type, { to, ...facts }, cause)];
}

function reasonOf(profile: Profile): StatusCode | undefined {
  return 'reason' in profile ? profile.reason : undefined;
}

const arrivals: Readonly<Partial<Record<ProfileState, EventType>>> = {
  ALLOCATED: 'profile.ordered',
  LINKED: 'profile.ordered',
  CONFIRMED: 'profile.confirmed',
  RELEASED: 'profile.released',
  DOWNLOADED: 'profile.downloaded',
  INSTALLED: 'profile.installed',
  ENABLED: 'profile.enabled',
  DISABLED: 'profile.disabled',
  DELETED: 'profile.deleted',
  ERROR: 'profile.error',
};

function typeOf(from: Profile | undefined, to: Profile): EventType | undefined {
  if (from === undefined) return 'profile.created';
  if (from.state === to.state) return onReusable(from, to);
  const isCancelled = allowed[from.state].includes('cancel');
  if (to.state === 'AVAILABLE') return isCancelled ? 'profile.cancelled' : 'profile.reset';
  if (to.state === 'UNAVAILABLE') return isCancelled ? 'profile.cancelled' : 'profile.retired';
  if (to.state === 'RELEASED' && from.state === 'DOWNLOADED') return 'profile.postponed';
  if (to.state === 'ERROR' && to.reason.reasonCode === '4.10') return 'profile.expired';
  return arrivals[to.state];
}

/** A reusable order stays RELEASED; the reports of its devices and its failed downloads are events too. */
function onReusable(from: Profile, to: Profile): EventType | undefined {
  if (from.state !== 'RELEASED' || to.state !== 'RELEASED') return undefined;
  if (to.reason !== undefined && to.reason !== from.reason) return 'profile.error';
  const { device } = to;
  return device?.state === undefined || device === from.device ? undefined : arrivals[device.state];
}
