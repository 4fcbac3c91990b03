import type { ProfileClass } from '@esim-rsp/sgp22/asn1/bound-profile-package';
import type { MetadataOptions } from '@esim-rsp/sgp22/profile/metadata';
import type { StatusCode } from '@esim-rsp/sgp22/status';
import type { Eid } from '@esim-rsp/sgp22/value/eid';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { MatchingId } from '@esim-rsp/sgp22/value/matching-id';
import type { CallFingerprint, Calls } from './calls.ts';
import type { OperationId } from './gateway/operation.ts';
import type { Binding, Order } from './order.ts';

/** The states of a Profile (SGP.22 3.1.6), in the order of its life. */
export const profileStates = [
  'AVAILABLE',
  'ALLOCATED',
  'LINKED',
  'CONFIRMED',
  'RELEASED',
  'DOWNLOADED',
  'INSTALLED',
  'ENABLED',
  'DISABLED',
  'DELETED',
  'ERROR',
  'UNAVAILABLE',
] as const;
export type ProfileState = (typeof profileStates)[number];

/** Without an order: in stock, or out of use. */
export const stockStates = ['AVAILABLE', 'UNAVAILABLE'] as const satisfies readonly ProfileState[];

/** What a device reports. */
export const deviceStates = [
  'INSTALLED',
  'ENABLED',
  'DISABLED',
  'DELETED',
] as const satisfies readonly ProfileState[];

/** The subscription is not used, nor about to be: its IMSI may have another Profile, such as that of the next phone. */
export const statesOutOfUse = ['DELETED', 'UNAVAILABLE'] as const satisfies readonly ProfileState[];

/** Under which keys the package travels (SGP.22 2.5.4): its own, under which it is stored, or those of each session. */
export const protections = ['ppk', 'session_keys'] as const;
export type ProfileProtection = (typeof protections)[number];

/** What is shown of a Profile to the person who installs it, and what its eUICC makes of it; default: what the package says. */
export type ProfileLabels = MetadataOptions & {
  readonly serviceProviderName?: string;
  readonly profileName?: string;
  readonly profileClass?: ProfileClass;
};

/** Octets of the package, and bits of uiccCapability (EUICCInfo2). */
export type Needs = { readonly bytes: number; readonly capabilities: readonly number[] };

/** What is known of a Profile from the day it is stocked. */
export type Stock = {
  readonly iccid: Iccid;
  /** The account that owns it. */
  readonly account: string;
  /** The name of the upstream: the SM-DP+ that has the package, and serves the download. Absent: this one. */
  readonly upstream?: string;
  /** What was requested from the upstream and has not ended. Nothing else changes the Profile meanwhile, but what its device does. */
  readonly operation?: OperationId;
  /** Empty: not known, of a Profile of an upstream. */
  readonly imsi: string;
  /** The phone number, as it is on the SIM. */
  readonly msisdn?: string;
  readonly profileType?: string;
  /** StoreMetadataRequest in DER, byte for byte what eUICCs get to see. */
  readonly metadata: Uint8Array;
  readonly protection: ProfileProtection;
  /** What an eUICC has to have for it; absent: not known. */
  readonly needs?: Needs;
  /** What ES2+ asked for, since it was in stock last. */
  readonly calls?: Calls;
  /** Every call of ES2+ that has changed it since it was created, known by its functionCallIdentifier; the last 32. */
  readonly es2Calls?: readonly CallFingerprint[];
  /** The eUICCs that had it, or may have had it, before its present download; the latest is the last one. */
  readonly earlierDevices?: readonly EarlierDevice[];
  /** Unix seconds of the last change of state. */
  readonly changedAt: number;
  /**
   * Number of saves so far; 0: not saved yet. It continues where a deleted Profile with the same ICCID has ended, so that a decision about
   * that one never changes this one.
   */
  readonly version: number;
};

/** In stock, or out of use. */
export type Stocked = Stock & {
  readonly state: (typeof stockStates)[number];
  /** Of an AVAILABLE Profile of an upstream. */
  readonly ready?: ReadyOrder;
};

/** An upstream has confirmed and released an order for the Profile ahead, so that the next order here has its code at once. */
export type ReadyOrder = {
  readonly matchingId: MatchingId;
  readonly smdpAddress?: string;
  /** Unix seconds. */
  readonly releasedAt: number;
};

/** Ordered, not yet confirmed (ES2+.DownloadOrder). LINKED has an EID. */
export type Reserved = Stock &
  ({ readonly state: 'ALLOCATED' } | { readonly state: 'LINKED'; readonly eid: Eid });

/** Ordered and confirmed; the MatchingID is fixed. */
export type Confirmed = Stock & { readonly state: 'CONFIRMED'; readonly order: Order };

/** Downloadable. A binding is there when an earlier download handed out a package. */
export type Released = Stock & {
  readonly state: 'RELEASED';
  readonly order: Order;
  readonly binding?: Binding;
  /** Of a reusable order only: what the last eUICC reported, or how the last download failed. */
  readonly device?: Device;
  readonly reason?: StatusCode;
};

/** The Bound Profile Package was handed out, its result is not known. */
export type Downloaded = Stock & {
  readonly state: 'DOWNLOADED';
  readonly order: Order;
  readonly binding: Binding;
};

/** On a device, or removed from it again. */
export type OnDevice = Stock & {
  readonly state: (typeof deviceStates)[number];
  readonly order: Order;
  readonly device: Device;
};

/** The download ended without success; the operator has to decide. */
export type Failed = Stock & { readonly state: 'ERROR'; readonly order: Order; readonly reason: StatusCode };

export type Profile = Stocked | Reserved | Confirmed | Released | Downloaded | OnDevice | Failed;

/** What the eUICC last reported (SGP.22 3.5). */
export type Device = {
  readonly eid: Eid;
  /** The highest sequence number seen: notifications with a lower one are late and change nothing. */
  readonly lastSeqNumber: number;
  /** Unix seconds. */
  readonly lastNotificationAt: number;
  /** Its state there, when that is not the state of the Profile: its order is reusable. */
  readonly state?: OnDevice['state'];
};

/** An eUICC that had the Profile, or may have had it, before the present download. */
export type EarlierDevice = {
  /** `any`: each of the eUICCs of a reusable order. */
  readonly eid: Eid | 'any';
  /** The highest sequence number that it reported; -1: it reported nothing. */
  readonly lastSeqNumber: number;
  /** Whether it has reported that it does not have the Profile any more: what it reports next is about a later installation. */
  readonly isDeleted: boolean;
};

/** The order of a Profile, whatever its state. */
export function orderOf(profile: Profile): Order | undefined {
  return 'order' in profile ? profile.order : undefined;
}

export function isOnDevice(profile: Profile): profile is OnDevice {
  return deviceStates.some((state) => state === profile.state);
}

/** What its upstream keeps ready for its next order. */
export function readyOf(profile: Profile): ReadyOrder | undefined {
  return profile.state === 'AVAILABLE' ? profile.ready : undefined;
}

/** The eUICC that a Profile is linked to, bound to or installed on. */
export function eidOf(profile: Profile): Eid | undefined {
  if ('eid' in profile) return profile.eid;
  if ('device' in profile && profile.device !== undefined) return profile.device.eid;
  if ('binding' in profile && profile.binding !== undefined) return profile.binding.eid;
  return orderOf(profile)?.eid;
}
