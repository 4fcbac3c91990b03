import { reasons, type StatusCode, subjects } from '@esim-rsp/sgp22/status';
import type { Eid } from '@esim-rsp/sgp22/value/eid';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { TransactionId } from '@esim-rsp/sgp22/value/transaction-id';
import type { Actor, EventType, NotificationPoint, ProfileEvent } from '@esim-rsp/smdp/state/event';
import type { OperationId } from '@esim-rsp/smdp/state/gateway/operation';
import type { ProfileState } from '@esim-rsp/smdp/state/profile';
import type { StoredEvent } from '../ports/events.ts';
import type { Columns, Numbered, Row } from './column-types.ts';

/** The database numbers the rows. */
export const eventColumns = {
  account: 'text',
  iccid: 'text',
  type: 'text',
  at: 'integer',
  actor: 'text',
  /** Of a device only. */
  eid: 'text?',
  from_state: 'text?',
  to_state: 'text',
  transaction_id: 'text?',
  subject_code: 'text?',
  reason_code: 'text?',
  /** Of the reason; without one, what a customer has written. */
  message: 'text?',
  point: 'integer?',
  result_data: 'bytes?',
  /** The id of the API key of a user, or the name of an operator. */
  caused_by: 'text?',
  replaces: 'text?',
  replaced_by: 'text?',
  traceparent: 'text?',
  /** The id of what was requested from an upstream. */
  operation: 'text?',
} as const satisfies Columns;
export type NewEventRow = Row<typeof eventColumns>;
export type EventRow = Numbered<NewEventRow>;

export function eventToRow(event: ProfileEvent): NewEventRow {
  const { actor, reason } = event;
  return {
    account: event.account,
    iccid: event.iccid,
    type: event.type,
    at: event.at,
    actor: actor.kind,
    eid: 'eid' in actor ? (actor.eid ?? null) : null,
    from_state: event.from ?? null,
    to_state: event.to,
    transaction_id: event.transactionId ?? null,
    subject_code: reason?.subjectCode ?? null,
    reason_code: reason?.reasonCode ?? null,
    message: reason?.message ?? event.message ?? null,
    point: event.point ?? null,
    result_data: event.resultData ?? null,
    caused_by: nameOf(actor) ?? null,
    replaces: event.replaces ?? null,
    replaced_by: event.replacedBy ?? null,
    traceparent: event.traceparent ?? null,
    operation: event.operation ?? null,
  };
}

export function eventFromRow(row: EventRow): StoredEvent {
  const reason = reasonFrom(row);
  return {
    id: row.id,
    account: row.account,
    iccid: row.iccid as Iccid,
    type: row.type as EventType,
    at: row.at,
    actor: actorFrom(row),
    ...(row.from_state !== null && { from: row.from_state as ProfileState }),
    to: row.to_state as ProfileState,
    ...(row.transaction_id !== null && { transactionId: row.transaction_id as TransactionId }),
    ...(reason !== undefined && { reason }),
    ...(row.subject_code === null && row.message !== null && { message: row.message }),
    ...(row.point !== null && { point: row.point as NotificationPoint }),
    ...(row.replaces !== null && { replaces: row.replaces as Iccid }),
    ...(row.replaced_by !== null && { replacedBy: row.replaced_by as Iccid }),
    ...(row.operation !== null && { operation: row.operation as OperationId }),
    ...(row.traceparent !== null && { traceparent: row.traceparent }),
    ...(row.result_data !== null && { resultData: row.result_data }),
  };
}

function nameOf(actor: Actor): string | undefined {
  if (actor.kind === 'user') return actor.keyId;
  return actor.kind === 'operator' ? actor.name : undefined;
}

function actorFrom({ actor, eid, caused_by: name }: EventRow): Actor {
  if (actor === 'device') return { kind: actor, ...(eid !== null && { eid: eid as Eid }) };
  if (actor === 'user') return { kind: actor, ...(name !== null && { keyId: name }) };
  if (actor === 'operator') return { kind: actor, ...(name !== null && { name }) };
  return { kind: actor === 'customer' ? actor : 'system' };
}

function reasonFrom({ subject_code, reason_code, message }: EventRow): StatusCode | undefined {
  if (subject_code === null || reason_code === null) return undefined;
  if (!Object.hasOwn(subjects, subject_code) || !Object.hasOwn(reasons, reason_code)) return undefined;
  return {
    subjectCode: subject_code as StatusCode['subjectCode'],
    reasonCode: reason_code as StatusCode['reasonCode'],
    message: message ?? '',
  };
}
