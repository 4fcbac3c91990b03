import { decode } from '@esim-rsp/codec';
import {
  type NotificationEvent,
  notificationEvents,
  type ProfileClass,
  profileClasses,
  StoreMetadataRequest,
} from '@esim-rsp/sgp22/asn1/bound-profile-package';
import { type PolicyRule, type ProfileOwner, policyRules } from '@esim-rsp/sgp22/profile/metadata';
import type { StatusCode } from '@esim-rsp/sgp22/status';
import type { Eid } from '@esim-rsp/sgp22/value/eid';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { MatchingId } from '@esim-rsp/sgp22/value/matching-id';
import { mccMncFromBcd } from '@esim-rsp/sgp22/value/mcc-mnc';
import type { OperationId } from '@esim-rsp/smdp/state/gateway/operation';
import type { Order, ReusePolicy } from '@esim-rsp/smdp/state/order';
import {
  eidOf,
  type OnDevice,
  orderOf,
  type Profile,
  type ProfileProtection,
  type ProfileState,
} from '@esim-rsp/smdp/state/profile';

/** A Profile as its owner sees it: without keys, and without what only downloads need. */
export type ProfileView = {
  readonly iccid: Iccid;
  /** The SM-DP+ that serves the download; undefined: this one. */
  readonly upstream: string | undefined;
  /** What was requested from the upstream and has not ended. */
  readonly operation: OperationId | undefined;
  readonly imsi: string;
  readonly msisdn: string | undefined;
  readonly state: ProfileState;
  /** Unix seconds. */
  readonly changedAt: number;
  readonly profileType: string | undefined;
  readonly metadata: MetadataView;
  readonly protection: ProfileProtection;
  readonly eid: Eid | undefined;
  readonly order: OrderView | undefined;
  readonly reason: StatusCode | undefined;
  readonly device: DeviceView | undefined;
};

/** What the eUICC and its user see of a Profile (StoreMetadataRequest, 5.5.3), without the icon itself. */
export type MetadataView = {
  readonly serviceProviderName: string;
  readonly profileName: string;
  readonly profileClass: ProfileClass;
  readonly iconType: 'jpeg' | 'png' | undefined;
  readonly policyRules: readonly PolicyRule[] | undefined;
  readonly owner: ProfileOwner | undefined;
  /** What the device reports. */
  readonly notifications: readonly NotificationEvent[];
};

export type OrderView = {
  /** undefined: there is one, and it was not read. */
  readonly matchingId: MatchingId | undefined;
  /** The SM-DP+ that serves the download, if it is not the usual one. */
  readonly smdpAddress: string | undefined;
  /** Absent: the order has no confirmation code. */
  readonly confirmationAttemptsLeft: number | undefined;
  readonly downloadAttemptsLeft: number;
  readonly reusable: boolean;
  /** Unix seconds. */
  readonly expiresAt: number | undefined;
  /** Unix seconds. */
  readonly releasedAt: number | undefined;
  readonly reusePolicy: ReusePolicy;
  readonly reusesLeft: number;
};

export type DeviceView = {
  /** Unix seconds. */
  readonly lastNotificationAt: number;
  readonly state: OnDevice['state'] | undefined;
};

/** The view of a whole Profile. */
export function viewProfile(profile: Profile): ProfileView {
  const order = orderOf(profile);
  const device = 'device' in profile ? profile.device : undefined;
  return {
    iccid: profile.iccid,
    upstream: profile.upstream,
    operation: profile.operation,
    imsi: profile.imsi,
    msisdn: profile.msisdn,
    state: profile.state,
    changedAt: profile.changedAt,
    profileType: profile.profileType,
    metadata: viewMetadata(profile.metadata),
    protection: profile.protection,
    eid: eidOf(profile),
    order: order && viewOrder(order),
    reason: 'reason' in profile ? profile.reason : undefined,
    device: device && { lastNotificationAt: device.lastNotificationAt, state: device.state },
  };
}

export function viewOrder(order: Order): OrderView {
  return {
    matchingId: order.matchingId,
    smdpAddress: order.smdpAddress,
    confirmationAttemptsLeft: order.confirmationCode?.attemptsLeft,
    downloadAttemptsLeft: order.downloadAttemptsLeft,
    reusable: order.reusable ?? false,
    expiresAt: order.expiresAt,
    releasedAt: order.releasedAt,
    reusePolicy: order.reusePolicy,
    reusesLeft: order.reusesLeft,
  };
}

const classNames = new Map<number, ProfileClass>(
  Object.entries(profileClasses).map(([name, value]) => [value, name as ProfileClass]),
);
const rules = Object.entries(policyRules) as [PolicyRule, number][];
const notifications = Object.entries(notificationEvents) as [NotificationEvent, 0 | 1 | 2 | 3][];

/** The view of a StoreMetadataRequest in DER. */
export function viewMetadata(der: Uint8Array): MetadataView {
  const metadata = decode(StoreMetadataRequest, der);
  const { iconType, notificationConfigurationInfo = [], profileOwner: owner, profilePolicyRules } = metadata;
  return {
    serviceProviderName: metadata.serviceProviderName,
    profileName: metadata.profileName,
    profileClass: classNames.get(metadata.profileClass) as ProfileClass,
    iconType: iconType === undefined ? undefined : iconType === 0 ? 'jpeg' : 'png',
    policyRules:
      profilePolicyRules && rules.filter(([, bit]) => profilePolicyRules.has(bit)).map(([name]) => name),
    owner: owner && { ...owner, mccMnc: mccMncFromBcd(owner.mccMnc) },
    notifications: notifications
      .filter(([, bit]) =>
        notificationConfigurationInfo.some((one) => one.profileManagementOperation.has(bit)),
      )
      .map(([name]) => name),
  };
}
