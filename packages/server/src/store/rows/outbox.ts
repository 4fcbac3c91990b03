import type { Delivery, DeliveryKind, DeliveryState, NewDelivery } from '../ports/outbox.ts';

export type NewDeliveryRow = {
  readonly kind: string;
  readonly target: string;
  readonly account: string;
  readonly event_id: number | null;
  readonly type: string;
  readonly iccid: string;
  readonly state: string;
  readonly attempts: number;
  readonly next_attempt_at: number;
  /** 0: nobody has it. */
  readonly lease_until: number;
  readonly last_attempt_at: number | null;
  readonly last_status: number | null;
  readonly last_error: string | null;
  readonly created_at: number;
};
/** The database numbers the rows. */
export type DeliveryRow = NewDeliveryRow & { readonly id: number };

export type OutboxRow = { readonly last_event: number };

export function deliveryToRow(delivery: NewDelivery): NewDeliveryRow {
  return {
    kind: delivery.kind,
    target: delivery.target,
    account: delivery.account,
    event_id: delivery.eventId ?? null,
    type: delivery.type,
    iccid: delivery.iccid,
    state: 'pending',
    attempts: 0,
    next_attempt_at: delivery.createdAt,
    lease_until: 0,
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
    state: row.state as DeliveryState,
    attempts: row.attempts,
    nextAttemptAt: row.next_attempt_at,
    ...(row.last_attempt_at !== null && { lastAttemptAt: row.last_attempt_at }),
    ...(row.last_status !== null && { lastStatus: row.last_status }),
    ...(row.last_error !== null && { lastError: row.last_error }),
    createdAt: row.created_at,
  };
}
