import { reasons, type StatusCode, subjects } from '@esim-rsp/sgp22/status';
import type { Eid } from '@esim-rsp/sgp22/value/eid';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { MatchingId } from '@esim-rsp/sgp22/value/matching-id';
import { msisdnDigits } from '@esim-rsp/sgp22/value/msisdn';
import type { CallFingerprint, Calls } from '@esim-rsp/smdp/state/calls';
import type { OperationId } from '@esim-rsp/smdp/state/gateway/operation';
import {
  type Binding,
  bindingOf,
  type Order,
  type OrderId,
  type ReusePolicy,
  type ReuseType,
  reuseTypes,
} from '@esim-rsp/smdp/state/order';
import {
  type Device,
  type EarlierDevice,
  eidOf,
  type Needs,
  type OnDevice,
  orderOf,
  type Profile,
  type ProfileProtection,
  type ProfileState,
  type ReadyOrder,
  readyOf,
} from '@esim-rsp/smdp/state/profile';
import type { Columns, Row } from './column-types.ts';
import { invalidRow, required } from './required.ts';

export const profileColumns = {
  iccid: 'text',
  account: 'text',
  state: 'text',
  upstream: 'text?',
  /** The id of the operation that has not ended. */
  operation: 'text?',
  imsi: 'text',
  msisdn: 'text?',
  /** Its digits without + or 00: only to search by. */
  msisdn_digits: 'text?',
  profile_type: 'text?',
  metadata: 'bytes',
  protection: 'text',
  needed_bytes: 'integer?',
  /** Bit n stands for bit n of uiccCapability. */
  needed_capabilities: 'integer?',
  changed_at: 'integer',
  version: 'integer',
  /** The eUICC that the profile is linked to, bound to or installed on: only to search by. */
  eid: 'text?',
  linked_eid: 'text?',
  /** Fingerprints of calls of ES2+. */
  download_order_call: 'text?',
  confirm_order_call: 'text?',
  release_profile_call: 'text?',
  cancel_order_call: 'text?',
  /** Fingerprints with spaces between them: every call of ES2+ that changed it. */
  es2_calls: 'text?',
  /** JSON: the eUICCs that had it, or may have had it, before its present download. */
  earlier_devices: 'text?',
  order_id: 'text?',
  /** NULL: there is no order; empty: the order is found by its EID. */
  matching_id: 'hashed text?',
  matching_id_sealed: 'secret text?',
  /** The MatchingID of an upstream, which may be the same as one of ours. matching_id is empty then. */
  upstream_matching_id: 'secret text?',
  /** NULL for an order of an earlier release, until the job that seals has seen it. */
  upstream_matching_id_hash: 'lookup text?',
  order_smdp_address: 'text?',
  /** 1, or NULL: its upstream has the order no longer. */
  order_cancelled_there: 'integer?',
  order_eid: 'text?',
  /** An eUICC that may not download it. */
  not_eid: 'text?',
  confirmation_code_hash: 'secret bytes?',
  confirmation_code_attempts_left: 'integer?',
  download_attempts_left: 'integer?',
  order_expires_at: 'integer?',
  returns_at: 'integer?',
  released_at: 'integer?',
  reuse_type: 'text?',
  reuse_max_count: 'integer?',
  reuse_cooldown_seconds: 'integer?',
  reuses_left: 'integer?',
  /** 1, or NULL. */
  reusable: 'integer?',
  binding_eid: 'text?',
  euicc_otpk: 'bytes?',
  ot_sk_dp: 'secret bytes?',
  host_id: 'bytes?',
  device_eid: 'text?',
  device_state: 'text?',
  last_seq_number: 'integer?',
  last_notification_at: 'integer?',
  error_subject_code: 'text?',
  error_reason_code: 'text?',
  error_message: 'text?',
} as const satisfies Columns;
export type ProfileRow = Row<typeof profileColumns>;
export const profileColumnNames = Object.keys(profileColumns) as (keyof ProfileRow)[];

/** The columns that a profile in stock has; the others are empty until it is ordered. */
export const stockColumns = {
  iccid: 'text',
  account: 'text',
  state: 'text',
  imsi: 'text',
  msisdn: 'text?',
  msisdn_digits: 'text?',
  profile_type: 'text?',
  metadata: 'bytes',
  protection: 'text',
  needed_bytes: 'integer?',
  needed_capabilities: 'integer?',
  changed_at: 'integer',
  version: 'integer',
} as const satisfies Columns;
const orderColumnNames = profileColumnNames.filter((name) => !Object.hasOwn(stockColumns, name));

/** Whether the row has no value in any other column. */
export function isOnlyStock(row: ProfileRow): boolean {
  return orderColumnNames.every((name) => row[name] === null);
}

/** The columns of a profile that show the latest of the uses of its order. */
export const latestUseColumns = {
  iccid: 'text',
  state: 'text',
  order_id: 'text?',
  reusable: 'integer?',
  changed_at: 'integer',
  eid: 'text?',
  device_eid: 'text?',
  device_state: 'text?',
  last_seq_number: 'integer?',
  last_notification_at: 'integer?',
  error_subject_code: 'text?',
  error_reason_code: 'text?',
  error_message: 'text?',
} as const satisfies Columns;

export function profileToRow(profile: Profile): ProfileRow {
  return {
    iccid: profile.iccid,
    account: profile.account,
    state: profile.state,
    upstream: profile.upstream ?? null,
    operation: profile.operation ?? null,
    imsi: profile.imsi,
    msisdn: profile.msisdn ?? null,
    msisdn_digits: profile.msisdn === undefined ? null : msisdnDigits(profile.msisdn),
    profile_type: profile.profileType ?? null,
    metadata: profile.metadata,
    protection: profile.protection,
    ...needsColumns(profile.needs),
    changed_at: profile.changedAt,
    version: profile.version,
    eid: eidOf(profile) ?? null,
    linked_eid: 'eid' in profile ? profile.eid : null,
    ...callColumns(profile.calls),
    es2_calls: profile.es2Calls?.join(' ') ?? null,
    earlier_devices: profile.earlierDevices === undefined ? null : JSON.stringify(profile.earlierDevices),
    ...orderColumns(orderOf(profile), profile.upstream !== undefined),
    ...readyColumns(readyOf(profile)),
    ...bindingColumns('binding' in profile ? profile.binding : undefined),
    ...deviceColumns('device' in profile ? profile.device : undefined),
    ...errorColumns('reason' in profile ? profile.reason : undefined),
  };
}

function needsColumns(needs: Needs | undefined) {
  return {
    needed_bytes: needs?.bytes ?? null,
    needed_capabilities: needs?.capabilities.reduce((mask, bit) => mask + 2 ** bit, 0) ?? null,
  } satisfies Partial<ProfileRow>;
}

function callColumns(calls: Calls | undefined) {
  return {
    download_order_call: calls?.downloadOrder ?? null,
    confirm_order_call: calls?.confirmOrder ?? null,
    release_profile_call: calls?.releaseProfile ?? null,
    cancel_order_call: calls?.cancelOrder ?? null,
  } satisfies Partial<ProfileRow>;
}

function orderColumns(order: Order | undefined, isAtUpstream: boolean) {
  const [own, others] = isAtUpstream ? [order && '', order?.matchingId] : [order?.matchingId, undefined];
  return {
    order_id: order?.id ?? null,
    matching_id: own ?? null,
    matching_id_sealed: own || null,
    upstream_matching_id: others || null,
    upstream_matching_id_hash: others || null,
    order_smdp_address: order?.smdpAddress ?? null,
    order_cancelled_there: order?.isCancelledThere ? 1 : null,
    order_eid: order?.eid ?? null,
    not_eid: order?.notEid ?? null,
    confirmation_code_hash: order?.confirmationCode?.hash ?? null,
    confirmation_code_attempts_left: order?.confirmationCode?.attemptsLeft ?? null,
    download_attempts_left: order?.downloadAttemptsLeft ?? null,
    order_expires_at: order?.expiresAt ?? null,
    returns_at: order?.returnsAt ?? null,
    released_at: order?.releasedAt ?? null,
    reuse_type: order?.reusePolicy.type ?? null,
    reuse_max_count: order?.reusePolicy.maxCount ?? null,
    reuse_cooldown_seconds: order?.reusePolicy.cooldownSeconds ?? null,
    reuses_left: order?.reusesLeft ?? null,
    reusable: order?.reusable ? 1 : null,
  } satisfies Partial<ProfileRow>;
}

/** Columns of an order: what an upstream keeps ready is one there. */
function readyColumns(ready: ReadyOrder | undefined) {
  if (ready === undefined) return {};
  return {
    upstream_matching_id: ready.matchingId,
    upstream_matching_id_hash: ready.matchingId,
    order_smdp_address: ready.smdpAddress ?? null,
    released_at: ready.releasedAt,
  } satisfies Partial<ProfileRow>;
}

function readyFrom(row: ProfileRow): { readonly ready?: ReadyOrder } {
  const { upstream_matching_id: matchingId, order_smdp_address: smdpAddress } = row;
  if (matchingId === null) return {};
  return {
    ready: {
      matchingId: matchingId as MatchingId,
      ...(smdpAddress !== null && { smdpAddress }),
      releasedAt: required(row, 'released_at'),
    },
  };
}

function bindingColumns(binding: Binding | undefined) {
  return {
    binding_eid: binding?.eid ?? null,
    euicc_otpk: binding?.euiccOtpk ?? null,
    ot_sk_dp: binding?.otSkDp ?? null,
    host_id: binding?.hostId ?? null,
  } satisfies Partial<ProfileRow>;
}

function deviceColumns(device: Device | undefined) {
  return {
    device_eid: device?.eid ?? null,
    device_state: device?.state ?? null,
    last_seq_number: device?.lastSeqNumber ?? null,
    last_notification_at: device?.lastNotificationAt ?? null,
  } satisfies Partial<ProfileRow>;
}

function errorColumns(reason: StatusCode | undefined) {
  return {
    error_subject_code: reason?.subjectCode ?? null,
    error_reason_code: reason?.reasonCode ?? null,
    error_message: reason?.message ?? null,
  } satisfies Partial<ProfileRow>;
}

/** A row that fits no state is a bug and throws. */
export function profileFromRow(row: ProfileRow): Profile {
  const stock = {
    iccid: row.iccid as Iccid,
    account: row.account,
    ...(row.upstream !== null && { upstream: row.upstream }),
    ...(row.operation !== null && { operation: row.operation as OperationId }),
    imsi: row.imsi,
    ...(row.msisdn !== null && { msisdn: row.msisdn }),
    ...(row.profile_type !== null && { profileType: row.profile_type }),
    metadata: row.metadata,
    protection: row.protection as ProfileProtection,
    ...(row.needed_bytes !== null && { needs: needsFrom(row, row.needed_bytes) }),
    ...callsFrom(row),
    ...(row.es2_calls !== null && { es2Calls: row.es2_calls.split(' ') as CallFingerprint[] }),
    ...(row.earlier_devices !== null && {
      earlierDevices: JSON.parse(row.earlier_devices) as readonly EarlierDevice[],
    }),
    changedAt: row.changed_at,
    version: row.version,
  };
  const state = row.state as ProfileState;
  switch (state) {
    case 'AVAILABLE':
      return { ...stock, state, ...readyFrom(row) };
    case 'UNAVAILABLE':
    case 'ALLOCATED':
      return { ...stock, state };
    case 'LINKED':
      return { ...stock, state, eid: required(row, 'linked_eid') as Eid };
    case 'CONFIRMED':
      return { ...stock, state, order: orderFrom(row) };
    case 'RELEASED':
      return {
        ...stock,
        state,
        order: orderFrom(row),
        ...(row.binding_eid !== null && { binding: bindingFrom(row) }),
        ...(row.device_eid !== null && { device: deviceFrom(row) }),
        ...(row.error_subject_code !== null && { reason: reasonFrom(row) }),
      };
    case 'DOWNLOADED':
      return { ...stock, state, order: orderFrom(row), binding: bindingFrom(row) };
    case 'INSTALLED':
    case 'ENABLED':
    case 'DISABLED':
    case 'DELETED':
      return { ...stock, state, order: orderFrom(row), device: deviceFrom(row) };
    case 'ERROR':
      return { ...stock, state, order: orderFrom(row), reason: reasonFrom(row) };
    default:
      throw invalidRow(row, `has no state of that name (${state satisfies never})`);
  }
}

function needsFrom(row: ProfileRow, bytes: number): Needs {
  const mask = BigInt(required(row, 'needed_capabilities')).toString(2);
  const capabilities = [...mask].reverse().flatMap((digit, bit) => (digit === '1' ? bit : []));
  return { bytes, capabilities };
}

function callsFrom(row: ProfileRow): { readonly calls?: Calls } {
  const { download_order_call, confirm_order_call, release_profile_call, cancel_order_call } = row;
  const calls = {
    ...(download_order_call !== null && { downloadOrder: download_order_call as CallFingerprint }),
    ...(confirm_order_call !== null && { confirmOrder: confirm_order_call as CallFingerprint }),
    ...(release_profile_call !== null && { releaseProfile: release_profile_call as CallFingerprint }),
    ...(cancel_order_call !== null && { cancelOrder: cancel_order_call as CallFingerprint }),
  };
  return Object.keys(calls).length === 0 ? {} : { calls };
}

type ReuseRow = Pick<
  ProfileRow,
  'iccid' | 'state' | 'reuse_type' | 'reuse_max_count' | 'reuse_cooldown_seconds'
>;

export function reusePolicyFrom(row: ReuseRow): ReusePolicy {
  const type = required(row, 'reuse_type') as ReuseType;
  if (!reuseTypes.includes(type)) throw invalidRow(row, `has the unknown reuse_type ${type}`);
  return {
    type,
    maxCount: required(row, 'reuse_max_count'),
    cooldownSeconds: required(row, 'reuse_cooldown_seconds'),
  };
}

function orderFrom(row: ProfileRow): Order {
  const { order_eid, confirmation_code_hash: hash, order_expires_at, released_at } = row;
  return {
    ...(row.order_id !== null && { id: row.order_id as OrderId }),
    ...(order_eid !== null && { eid: order_eid as Eid }),
    ...(row.not_eid !== null && { notEid: row.not_eid as Eid }),
    matchingId: (row.upstream_matching_id ?? required(row, 'matching_id')) as MatchingId,
    ...(row.order_smdp_address !== null && { smdpAddress: row.order_smdp_address }),
    ...(row.order_cancelled_there === 1 && { isCancelledThere: true }),
    ...(hash !== null && {
      confirmationCode: { hash, attemptsLeft: required(row, 'confirmation_code_attempts_left') },
    }),
    downloadAttemptsLeft: required(row, 'download_attempts_left'),
    ...(order_expires_at !== null && { expiresAt: order_expires_at }),
    ...(released_at !== null && { releasedAt: released_at }),
    ...(row.returns_at !== null && { returnsAt: row.returns_at }),
    reusePolicy: reusePolicyFrom(row),
    reusesLeft: required(row, 'reuses_left'),
    ...(row.reusable === 1 && { reusable: true }),
  };
}

function bindingFrom(row: ProfileRow): Binding {
  return bindingOf({
    eid: required(row, 'binding_eid') as Eid,
    euiccOtpk: required(row, 'euicc_otpk'),
    otSkDp: required(row, 'ot_sk_dp'),
    hostId: required(row, 'host_id'),
  });
}

function deviceFrom(row: ProfileRow): Device {
  return {
    eid: required(row, 'device_eid') as Eid,
    lastSeqNumber: required(row, 'last_seq_number'),
    lastNotificationAt: required(row, 'last_notification_at'),
    ...(row.device_state !== null && { state: row.device_state as OnDevice['state'] }),
  };
}

type ErrorRow = Pick<
  ProfileRow,
  'iccid' | 'state' | 'error_subject_code' | 'error_reason_code' | 'error_message'
>;

export function reasonFrom(row: ErrorRow): StatusCode {
  const [subjectCode, reasonCode] = [required(row, 'error_subject_code'), required(row, 'error_reason_code')];
  if (!Object.hasOwn(subjects, subjectCode) || !Object.hasOwn(reasons, reasonCode))
    throw invalidRow(row, `has the unknown status code ${subjectCode}/${reasonCode}`);
  return { subjectCode, reasonCode, message: required(row, 'error_message') } as StatusCode;
}
