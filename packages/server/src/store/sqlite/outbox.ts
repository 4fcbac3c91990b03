import type { Claim, FanOut, OutboxStore, PendingTarget } from '../ports/outbox.ts';
import { UnreadableRecordError } from '../ports/unreadable-rows.ts';
import { type DeliveryRow, deliveryFromRow } from '../rows/outbox.ts';
import { inSlices, ROWS_AT_ONCE } from '../statements/in-slices.ts';
import {
  blockedDeliveries,
  dueDelivery,
  lastExamined,
  moveBehindHead,
  outboxQueries,
  wakeNext,
} from '../statements/outbox.ts';
import { type Connection, prepareLazily } from './connection/connection.ts';
import { firstRowOf } from './connection/read-rows.ts';
import { mustRecordWork } from './idempotency.ts';
import { deliveryWriter, nameOfDelivery, sqliteDeliveries } from './logs/deliveries.ts';

export function sqliteOutbox(connection: Connection): OutboxStore {
  const { read, readableOne, write } = connection;
  const statements = connection.prepareEach(outboxQueries);
  const { db, kysely, prepare } = connection;
  const claims = prepareLazily({
    due: () => prepare(dueDelivery(kysely)),
    last: () => prepare(lastExamined(kysely)),
    moveBehindHead: () => db.prepare(moveBehindHead(`id in (${blockedDeliveries(kysely).compile().sql})`)),
    wakeNext: () => db.prepare(wakeNext),
  });
  const insert = deliveryWriter(connection);
  const recordWork = mustRecordWork(connection);
  const fanOut = ({ after, upTo, deliveries }: FanOut) => {
    if (Number(statements.move.run(upTo, after).changes) !== 1) return 'stale';
    for (const delivery of deliveries) insert(delivery);
    return 'done';
  };
  /** An unreadable delivery fails for good, so that it does not keep those behind it. */
  const isReadable = (id: number, now: number): boolean => {
    try {
      return readableOne(firstRowOf(statements.whole, id), deliveryFromRow, nameOfDelivery) !== undefined;
    } catch (error) {
      if (!(error instanceof UnreadableRecordError)) throw error;
      statements.fail.run(now, error.message, id);
      claims.wakeNext.run(id, id);
      return false;
    }
  };
  /** `moved`: all that were examined wait for others, and have been moved; there may be more. */
  const claim = ({ kind, target, node, now, leaseUntil }: Claim) => {
    const due = [kind, target, now, now] as const;
    for (;;) {
      const first = claims.due.get(...due, 1);
      const isLong = first === undefined && claims.last.get(...due) !== undefined;
      if (isLong && Number(claims.moveBehindHead.run(...due).changes) > 0) return 'moved';
      const found = first ?? statements.never.get(kind, target, 1);
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
    addDelivery: (delivery, request) =>
      write(() => {
        recordWork(request, {});
        return insert(delivery);
      }),
    pendingTargets: (kind) => read(() => statements.targets.all(kind, kind, kind) as PendingTarget[]),
    claimDelivery: async (wanted) => {
      for (;;) {
        const claimed = await write(() => claim(wanted));
        if (claimed !== 'moved') return claimed;
      }
    },
    releaseClaims: (node) => write(() => void statements.release.run(node)),
    settleDelivery: ({ id, attempts }, { state, nextAttemptAt, lastStatus = null, lastError = null }) =>
      write(() => {
        statements.settle.run(state, nextAttemptAt, lastStatus, lastError, id, attempts);
        if (state !== 'pending') claims.wakeNext.run(id, id);
      }),
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
