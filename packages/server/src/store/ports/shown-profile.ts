import type { StatusCode } from '@esim-rsp/sgp22/status';
import type { Eid } from '@esim-rsp/sgp22/value/eid';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { MatchingId } from '@esim-rsp/sgp22/value/matching-id';
import type { Order, ReusePolicy } from '@esim-rsp/smdp/state/order';
import {
  eidOf,
  type OnDevice,
  orderOf,
  type Profile,
  type ProfileProtection,
  type ProfileState,
} from '@esim-rsp/smdp/state/profile';

/** A Profile as far as its owner gets to see it: without keys, and without what only downloads need. */
export type ShownProfile = {
  readonly iccid: Iccid;
  readonly imsi: string;
  readonly state: ProfileState;
  /** Unix seconds. */
  readonly changedAt: number;
  readonly profileType: string | undefined;
  /** StoreMetadataRequest in DER, in upper-case hexadecimal digits: SQLite gives short texts faster than short arrays. */
  readonly metadata: string;
  readonly protection: ProfileProtection;
  readonly eid: Eid | undefined;
  readonly order: ShownOrder | undefined;
  readonly reason: StatusCode | undefined;
  readonly device: ShownDevice | undefined;
};

export type ShownOrder = {
  readonly matchingId: MatchingId;
  /** Absent: no confirmation code is asked for. */
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

export type ShownDevice = {
  /** Unix seconds. */
  readonly lastNotificationAt: number;
  readonly state: OnDevice['state'] | undefined;
};

export function shownProfile(profile: Profile): ShownProfile {
  const { buffer, byteOffset, length } = profile.metadata;
  const order = orderOf(profile);
  const device = 'device' in profile ? profile.device : undefined;
  return {
    iccid: profile.iccid,
    imsi: profile.imsi,
    state: profile.state,
    changedAt: profile.changedAt,
    profileType: profile.profileType,
    metadata: Buffer.from(buffer, byteOffset, length).toString('hex').toUpperCase(),
    protection: profile.protection,
    eid: eidOf(profile),
    order: order && shownOrder(order),
    reason: 'reason' in profile ? profile.reason : undefined,
    device: device && { lastNotificationAt: device.lastNotificationAt, state: device.state },
  };
}

function shownOrder(order: Order): ShownOrder {
  return {
    matchingId: order.matchingId,
    confirmationAttemptsLeft: order.confirmationCode?.attemptsLeft,
    downloadAttemptsLeft: order.downloadAttemptsLeft,
    reusable: order.reusable ?? false,
    expiresAt: order.expiresAt,
    releasedAt: order.releasedAt,
    reusePolicy: order.reusePolicy,
    reusesLeft: order.reusesLeft,
  };
}
