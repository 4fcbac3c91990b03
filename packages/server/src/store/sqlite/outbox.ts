import type { Claim, FanOut, NewDelivery, OutboxStore, PendingTarget } from '../ports/outbox.ts';
import { UnreadableRecordError } from '../ports/unreadable-rows.ts';
import { type DeliveryRow, deliveryFromRow } from '../rows/outbox.ts';
import { inSlices, ROWS_AT_ONCE } from '../statements/in-slices.ts';
import { dueDelivery, outboxQueries } from '../statements/outbox.ts';
import { type Connection, prepareLazily } from './connection/connection.ts';
import { rowsOf } from './connection/read-rows.ts';
import { deliveryWriter, nameOfDelivery, sqliteDeliveries } from './logs/deliveries.ts';

export function sqliteOutbox(connection: Connection): OutboxStore {
  const { read, readableOne, write } = connection;
  const statements = connection.prepareEach(outboxQueries);
  const claims = prepareLazily({ due: () => connection.prepare(dueDelivery(connection.kysely)) });
  const insert = deliveryWriter(connection);
  const fanOut = ({ after, upTo, deliveries }: FanOut) => {
    if (Number(statements.move.run(upTo, after).changes) !== 1) return 'stale';
    for (const delivery of deliveries) insert(delivery);
    return 'done';
  };
  /** An unreadable delivery fails for good, so that it does not keep those behind it. */
  const isReadable = (id: number, now: number): boolean => {
    try {
      return readableOne(rowsOf(statements.whole, id), deliveryFromRow, nameOfDelivery) !== undefined;
    } catch (error) {
      if (!(error instanceof UnreadableRecordError)) throw error;
      statements.fail.run(now, error.message, id);
      return false;
    }
  };
  const claim = ({ kind, target, node, now, leaseUntil }: Claim) => {
    for (;;) {
      const found = claims.due.get(kind, target, now, now, 1) ?? statements.never.get(kind, target, 1);
      if (found === undefined) return undefined;
      const { id } = found as { id: number };
      if (isReadable(id, now))
        return deliveryFromRow(statements.lease.get(leaseUntil, node, now, id) as DeliveryRow);
    }
  };
  return {
    ...sqliteDeliveries(connection),
    fanOutPosition: () => read(() => (statements.position.get() as { last_event: number }).last_event),
    fanOut: (step) => write(() => fanOut(step)),
    addDelivery: (delivery: NewDelivery) => write(() => insert(delivery)),
    pendingTargets: (kind) => read(() => statements.targets.all(kind, kind, kind) as PendingTarget[]),
    claimDelivery: (wanted) => write(() => claim(wanted)),
    releaseClaims: (node) => write(() => void statements.release.run(node)),
    settleDelivery: ({ id, attempts }, { state, nextAttemptAt, lastStatus = null, lastError = null }) =>
      write(() => void statements.settle.run(state, nextAttemptAt, lastStatus, lastError, id, attempts)),
    retryDeliveriesNow: ({ kind, target }, now) =>
      inSlices(() =>
        write(
          () => Number(statements.retryNow.run(now, kind, target, now, ROWS_AT_ONCE).changes),
          ROWS_AT_ONCE,
        ),
      ),
    skipDeliveries: ({ kind, target }, reason) =>
      inSlices(() =>
        write(() => Number(statements.skip.run(reason, kind, target, ROWS_AT_ONCE).changes), ROWS_AT_ONCE),
      ),
  };
}
