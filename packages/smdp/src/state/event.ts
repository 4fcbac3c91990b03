import type { StatusCode } from '@esim-rsp/sgp22/status';
import type { Eid } from '@esim-rsp/sgp22/value/eid';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { TransactionId } from '@esim-rsp/sgp22/value/transaction-id';
import type { Change, Env } from '../ports.ts';
import type { Profile, ProfileState } from './profile.ts';

/** What can happen to a Profile: it came to another state, or a step of a download was checked. */
export const eventTypes = [
  'profile.stocked',
  'profile.ordered',
  'profile.confirmed',
  'profile.released',
  'download.checked',
  'confirmation_code.wrong',
  'confirmation_code.locked',
  'profile.downloaded',
  'profile.postponed',
  'profile.installed',
  'profile.enabled',
  'profile.disabled',
  'profile.deleted',
  'profile.error',
  'profile.expired',
  'profile.reuse_exhausted',
  'profile.cancelled',
  'profile.retired',
  'profile.changed',
] as const;
export type EventType = (typeof eventTypes)[number];

/** Who did it: whoever calls for the account that owns the Profile, an eUICC, or this SM-DP+ by itself. */
export type Actor =
  | { readonly kind: 'operator' }
  | { readonly kind: 'device'; readonly eid: Eid }
  | { readonly kind: 'system' };

/** Points of a download that operators are told about (ES2+.HandleDownloadProgressInfo, 5.3.5). */
export type NotificationPoint = 1 | 2 | 3 | 4;

/** One thing that happened to a Profile. It is written in the transaction that makes it so, and never changed. */
export type ProfileEvent = {
  readonly type: EventType;
  readonly iccid: Iccid;
  readonly account: string;
  /** Unix milliseconds. */
  readonly at: number;
  readonly actor: Actor;
  /** Absent: the Profile is new. */
  readonly from?: ProfileState;
  readonly to: ProfileState;
  readonly transactionId?: TransactionId;
  /** Why it failed. */
  readonly reason?: StatusCode;
  readonly point?: NotificationPoint;
  /** ProfileInstallationResult in DER, as the eUICC signed it. */
  readonly resultData?: Uint8Array;
};

/** Why a Profile is not as it was. */
export type Cause = Pick<ProfileEvent, 'at' | 'actor' | 'transactionId' | 'point' | 'resultData'>;

export function byOperator({ now }: Pick<Env, 'now'>): Cause {
  return { at: now, actor: { kind: 'operator' } };
}

export function bySystem({ now }: Pick<Env, 'now'>): Cause {
  return { at: now, actor: { kind: 'system' } };
}

export function byDevice(
  eid: Eid,
  { now }: Pick<Env, 'now'>,
  of: Pick<Cause, 'transactionId' | 'point' | 'resultData'> = {},
): Cause {
  return { at: now, actor: { kind: 'device', eid }, ...of };
}

/** Saves a Profile in its new state, and tells that it is. The same Profile once more is nothing to save. */
export function moved(from: Profile, to: Profile, cause: Cause): readonly Change[] {
  return from === to ? [] : [{ profile: to }, ...transition(from, to, cause)];
}

/** Tells that a Profile has come from one state to another; nothing where it has not. */
export function transition(from: Profile | undefined, to: Profile, cause: Cause): readonly Change[] {
  const type = typeOf(from, to);
  return type === undefined ? [] : [told(type, { from, to, reason: reasonOf(to) }, cause)];
}

type Told = {
  readonly from: Profile | undefined;
  readonly to: Profile;
  readonly reason?: StatusCode | undefined;
};

/** Tells that something happened to a Profile, whether or not its state is another one. */
export function told(type: EventType, { from, to, reason }: Told, cause: Cause): Change {
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
    },
  };
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
  if (from === undefined) return 'profile.stocked';
  if (from.state === to.state) return onReusable(from, to);
  if (to.state === 'AVAILABLE') return from.state === 'UNAVAILABLE' ? 'profile.stocked' : 'profile.cancelled';
  if (to.state === 'UNAVAILABLE') return from.state === 'AVAILABLE' ? 'profile.retired' : 'profile.cancelled';
  if (to.state === 'RELEASED' && from.state === 'DOWNLOADED') return 'profile.postponed';
  if (to.state === 'ERROR' && to.reason.reasonCode === '4.10') return 'profile.expired';
  return arrivals[to.state];
}

/** A reusable order stays RELEASED; what its devices report and how its downloads fail is told all the same. */
function onReusable(from: Profile, to: Profile): EventType | undefined {
  if (from.state !== 'RELEASED' || to.state !== 'RELEASED') return undefined;
  if (to.reason !== undefined && to.reason !== from.reason) return 'profile.error';
  const { device } = to;
  return device?.state === undefined || device === from.device ? undefined : arrivals[device.state];
}
