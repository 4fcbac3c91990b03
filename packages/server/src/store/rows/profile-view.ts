import type { Eid } from '@esim-rsp/sgp22/value/eid';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { MatchingId } from '@esim-rsp/sgp22/value/matching-id';
import type { OperationId } from '@esim-rsp/smdp/state/gateway/operation';
import type { OnDevice, ProfileProtection, ProfileState } from '@esim-rsp/smdp/state/profile';
import type { DeviceView, MetadataView, OrderView, ProfileView } from '../ports/profile-view.ts';
import { type ProfileRow, reasonFrom, reusePolicyFrom } from './profiles.ts';
import { required } from './required.ts';

/** The columns that a view of a profile needs. */
export const viewColumns = [
  'iccid',
  'upstream',
  'operation',
  'imsi',
  'msisdn',
  'state',
  'changed_at',
  'profile_type',
  'metadata',
  'protection',
  'eid',
  'matching_id',
  'matching_id_sealed',
  'upstream_matching_id',
  'order_smdp_address',
  'confirmation_code_attempts_left',
  'download_attempts_left',
  'reusable',
  'order_expires_at',
  'released_at',
  'reuse_type',
  'reuse_max_count',
  'reuse_cooldown_seconds',
  'reuses_left',
  'error_subject_code',
  'error_reason_code',
  'error_message',
  'last_notification_at',
  'device_state',
] as const satisfies (keyof ProfileRow)[];

/** Without the metadata, which each engine reads in its own way. */
export type ViewRow = Pick<ProfileRow, Exclude<(typeof viewColumns)[number], 'metadata'>>;

export function viewFromRow(row: ViewRow, metadata: MetadataView, withCodes: boolean): ProfileView {
  return {
    iccid: row.iccid as Iccid,
    upstream: row.upstream ?? undefined,
    operation: (row.operation as OperationId | null) ?? undefined,
    imsi: row.imsi,
    msisdn: row.msisdn ?? undefined,
    state: row.state as ProfileState,
    changedAt: row.changed_at,
    profileType: row.profile_type ?? undefined,
    metadata,
    protection: row.protection as ProfileProtection,
    eid: (row.eid as Eid | null) ?? undefined,
    order: row.matching_id === null ? undefined : orderFrom(row, matchingIdIn(row, withCodes)),
    reason: row.error_subject_code === null ? undefined : reasonFrom(row),
    device: row.last_notification_at === null ? undefined : deviceFrom(row, row.last_notification_at),
  };
}

function matchingIdIn(row: ViewRow, withCodes: boolean): MatchingId | undefined {
  const matchingId = row.upstream_matching_id ?? row.matching_id;
  return withCodes || matchingId === '' ? (matchingId as MatchingId) : undefined;
}

function orderFrom(row: ViewRow, matchingId: MatchingId | undefined): OrderView {
  return {
    matchingId,
    smdpAddress: row.order_smdp_address ?? undefined,
    confirmationAttemptsLeft: row.confirmation_code_attempts_left ?? undefined,
    downloadAttemptsLeft: required(row, 'download_attempts_left'),
    reusable: row.reusable === 1,
    expiresAt: row.order_expires_at ?? undefined,
    releasedAt: row.released_at ?? undefined,
    reusePolicy: reusePolicyFrom(row),
    reusesLeft: required(row, 'reuses_left'),
  };
}

function deviceFrom({ device_state }: ViewRow, lastNotificationAt: number): DeviceView {
  return { lastNotificationAt, state: (device_state as OnDevice['state'] | null) ?? undefined };
}
