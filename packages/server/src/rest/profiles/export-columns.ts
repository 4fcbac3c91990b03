import { nearestTo } from '../frame/nearest.ts';
import { HttpProblem } from '../frame/problem.ts';
import type { GetEUICCProfileResponse } from './profile.ts';

/** The columns of an export, in their usual order: members of a Profile that are one value. */
const plainColumns = [
  'iccid',
  'state',
  'imsi',
  'msisdn',
  'profile_type',
  'upstream',
  'service_provider_name',
  'profile_name',
  'profile_class',
  'eid',
  'last_operation_at',
  'released_at',
  'order_expires_at',
  'cc_required',
  'cc_retries',
  'download_attempts_left',
  'reuse_remaining_count',
  'reusable',
  'device_state',
  'last_notification_at',
  'state_message',
  'state_reason',
  'protection',
  'smdp_address',
] as const satisfies readonly (keyof GetEUICCProfileResponse)[];

/** Who has these can download the Profile: they are exported only when they are named, and to a key with the permission codes. */
export const codeColumns = [
  'activation_code',
  'matching_id',
] as const satisfies readonly (keyof GetEUICCProfileResponse)[];

export const exportColumns = [...plainColumns, ...codeColumns];
export type ExportColumn = (typeof exportColumns)[number];

/** The columns that a list of names asks for; without a list, all that are no secrets. Throws 400 for a name that is none. */
export function columnsIn(list: string | undefined): readonly ExportColumn[] {
  if (list === undefined) return plainColumns;
  return [...new Set(list.split(',').map((word) => columnCalled(word.trim())))];
}

function columnCalled(word: string): ExportColumn {
  const column = exportColumns.find((one) => one === word);
  if (column !== undefined) return column;
  const message = `has a name that is no column of a Profile; the nearest is ${nearestTo(word, exportColumns)}`;
  throw new HttpProblem(400, 'validation_failed', `columns ${message}`, [{ field: 'columns', message }]);
}

/** The fields of a line of CSV. */
export function fieldsOf(profile: GetEUICCProfileResponse, columns: readonly ExportColumn[]): string[] {
  return columns.map((name) => {
    const value = profile[name];
    if (typeof value !== 'object') return String(value ?? '');
    return `${value.subject_code}/${value.reason_code} ${value.message}`;
  });
}

/** The same columns as a line of JSON. */
export function jsonOf(profile: GetEUICCProfileResponse, columns: readonly ExportColumn[]): string {
  return JSON.stringify(profile, [...columns, ...reasonMembers]);
}

const reasonMembers = ['subject_code', 'reason_code', 'message'];
