import type { Delivery, DeliveryKind, DeliveryState, Facts, NewDelivery } from '../ports/outbox.ts';
import type { Columns, Numbered, Row } from './column-types.ts';

/** The database numbers the rows. */
export const deliveryColumns = {
  kind: 'text',
  target: 'text',
  account: 'text',
  event_id: 'integer?',
  type: 'text',
  iccid: 'text',
  /** JSON: what the message says, if no event says it. */
  facts: 'text?',
  state: 'text',
  attempts: 'integer',
  next_attempt_at: 'integer',
  /** 0: not claimed. */
  lease_until: 'integer',
  /** The node that claimed it last. */
  lease_node: 'text?',
  last_attempt_at: 'integer?',
  last_status: 'integer?',
  last_error: 'text?',
  created_at: 'integer',
} as const satisfies Columns;
export type NewDeliveryRow = Row<typeof deliveryColumns>;
export type DeliveryRow = Numbered<NewDeliveryRow>;

/** One row: how far events were fanned out. */
export const outboxColumns = { last_event: 'integer' } as const satisfies Columns;
export type OutboxRow = Row<typeof outboxColumns>;

export function deliveryToRow(delivery: NewDelivery): NewDeliveryRow {
  return {
    kind: delivery.kind,
    target: delivery.target,
    account: delivery.account,
    event_id: delivery.eventId ?? null,
    type: delivery.type,
    iccid: delivery.iccid,
    facts: delivery.facts === undefined ? null : JSON.stringify(delivery.facts),
    state: 'pending',
    attempts: 0,
    next_attempt_at: delivery.createdAt,
    lease_until: 0,
    lease_node: null,
    last_attempt_at: null,
    last_status: null,
    last_error: null,
    created_at: delivery.createdAt,
  };
}

export function deliveryFromRow(row: DeliveryRow): Delivery {
  return {
    id: row.id,
    kind: row.kind as DeliveryKind,
    target: row.target,
    account: row.account,
    ...(row.event_id !== null && { eventId: row.event_id }),
    type: row.type,
    iccid: row.iccid,
    ...(row.facts !== null && { facts: JSON.parse(row.facts) as Facts }),
    state: row.state as DeliveryState,
    attempts: row.attempts,
    nextAttemptAt: row.next_attempt_at,
    ...(row.last_attempt_at !== null && { lastAttemptAt: row.last_attempt_at }),
    ...(row.last_status !== null && { lastStatus: row.last_status }),
    ...(row.last_error !== null && { lastError: row.last_error }),
    createdAt: row.created_at,
  };
}
