import type { SQLInputValue } from 'node:sqlite';
import type { Claim, Delivery, FanOut, NewDelivery, OutboxStore } from '../ports/outbox.ts';
import { type DeliveryRow, deliveryFromRow, deliveryToRow } from '../rows/outbox.ts';
import type { GroupCommit } from './group-commit.ts';
import type { Statements } from './statements.ts';

/** The outbox in SQLite. */
export function sqliteOutbox(statements: Statements, { read, write }: GroupCommit): OutboxStore {
  return {
    fannedOut: () => read(() => (statements.fannedOut.get() as { last_event: number }).last_event),
    fanOut: (step) => write(() => fanOut(statements, step)),
    addDelivery: (delivery) => write(() => insert(statements, delivery)),
    pendingTargets: (kind) =>
      read(() =>
        (statements.pendingTargets.all(kind, kind) as { target: string }[]).map((row) => row.target),
      ),
    claimDelivery: (wish) => write(() => claim(statements, wish)),
    releaseDeliveries: () => write(() => void statements.releaseDeliveries.run()),
    settleDelivery: (id, { state, nextAttemptAt, lastStatus = null, lastError = null }) =>
      write(() => void statements.settleDelivery.run(state, nextAttemptAt, lastStatus, lastError, id)),
    hurryDeliveries: ({ kind, target }, now) =>
      write(() => void statements.hurryDeliveries.run(now, kind, target)),
    skipDeliveries: ({ kind, target }, reason) =>
      write(() => void statements.skipDeliveries.run(reason, kind, target)),
    deliveries: ({ kind, target, state, before = Number.MAX_SAFE_INTEGER, count }) =>
      read(() => {
        const { deliveryLog, deliveryLogInState } = statements;
        const rows =
          state === undefined
            ? deliveryLog.all(kind, target, before, count)
            : deliveryLogInState.all(kind, target, before, state, count);
        return (rows as DeliveryRow[]).map(deliveryFromRow);
      }),
    delivery: (id) =>
      read(() => {
        const row = statements.delivery.get(id) as DeliveryRow | undefined;
        return row && deliveryFromRow(row);
      }),
    removeOldDeliveries: (before, most) =>
      write(() => Number(statements.removeOldDeliveries.run(before, most).changes)),
  };
}

function fanOut(statements: Statements, { after, upTo, deliveries }: FanOut): 'done' | 'stale' {
  if (Number(statements.moveCursor.run(upTo, after).changes) !== 1) return 'stale';
  for (const delivery of deliveries) insert(statements, delivery);
  return 'done';
}

function insert({ insertDelivery }: Statements, delivery: NewDelivery): Delivery {
  const values: SQLInputValue[] = Object.values(deliveryToRow(delivery));
  return deliveryFromRow(insertDelivery.get(...values) as DeliveryRow);
}

function claim(statements: Statements, { kind, target, now, leaseUntil }: Claim): Delivery | undefined {
  const found = statements.dueDelivery.get(kind, target, now, now, 1) as { id: number } | undefined;
  if (found === undefined) return undefined;
  return deliveryFromRow(statements.leaseDelivery.get(leaseUntil, now, found.id) as DeliveryRow);
}
