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
import type { Connection } from './connection/connection.ts';
import type { EventNews } from './connection/event-news.ts';
import { builder, rowStatement, statement, statementOf, statementsOf } from './connection/statements.ts';
import { asWorkOf, recordWork } from './idempotency.ts';
import { insertDelivery, nameOfDelivery, postgresDeliveries } from './logs/deliveries.ts';

const statements = statementsOf(outboxQueries);
/** Processes do not wait for each other, and none raises an error: the one that has the row creates the deliveries. */
const ownPosition = statementOf('select last_event from outbox where last_event = $1 for update skip locked');
/** Workers do not wait for each other: what another one is claiming is not for this one. An array is built once; a join could build it for each row. */
const claimDue = statementOf(
  `update delivery set lease_until = $6, lease_node = $7, last_attempt_at = $8, attempts = attempts + 1
    where id = (select id from delivery where id = any(array(${statement(dueDelivery(builder)).text})) and state = 'pending' and lease_until <= $4
      order by next_attempt_at, id limit 1 for update skip locked) returning *`,
);
/** As many workers can claim at the same moment. */
const CANDIDATES = 16;
const last = statement(lastExamined(builder));
const moveBehind = statementOf(
  moveBehindHead(`id = any(array(${statement(blockedDeliveries(builder)).text} for update skip locked))`),
);
const wake = rowStatement({ text: wakeNext, names: [] });

export function postgresOutbox(
  connection: Connection,
  { reportEvents }: Pick<EventNews, 'reportEvents'>,
): OutboxStore {
  const { rows, readableOne, write, change, transaction } = connection;
  const fanOut = ({ after, upTo, deliveries }: FanOut) =>
    transaction(async ({ run }) => {
      const [position] = await run([{ statement: ownPosition, values: [after] }]);
      if (position?.rows.length !== 1) return 'stale';
      await run([{ statement: statements.move, values: [upTo, after] }, ...deliveries.map(insertDelivery)]);
      return 'done';
    });
  const claim = async ({ kind, target, node, now, leaseUntil }: Claim) => {
    const due = [kind, target, now, now];
    for (;;) {
      const [claimed] = await write([
        { statement: claimDue, values: [...due, CANDIDATES, leaseUntil, node, now] },
      ]);
      const isLong = claimed?.rows.length === 0 && (await rows(last, ...due)).length > 0;
      if (isLong && (await change(moveBehind, ...due)) > 0) continue;
      const found = claimed?.rows.length ? claimed.rows : await neverDue(kind, target);
      if (found.length === 0) return undefined;
      try {
        return readableOne(found, deliveryFromRow, nameOfDelivery);
      } catch (error) {
        if (!(error instanceof UnreadableRecordError)) throw error;
        const { id } = found[0] as DeliveryRow;
        await write([
          { statement: statements.fail, values: [now, error.message, id] },
          { statement: wake, values: [id, id] },
        ]);
      }
    }
  };
  /** An unreadable delivery fails for good, so that it does not keep those behind it. */
  const neverDue = async (kind: string, target: string) => {
    const [never] = (await rows(statements.never, kind, target, 1)) as { id: number }[];
    return never === undefined ? [] : rows(statements.whole, never.id);
  };
  return {
    ...postgresDeliveries(connection),
    fanOutPosition: async () => ((await rows(statements.position)) as [{ last_event: number }])[0].last_event,
    fanOut,
    addDelivery: async (delivery, request) => {
      const calls = [insertDelivery(delivery), ...recordWork(request, {})];
      const [inserted] = await asWorkOf(request, () => write(calls));
      reportEvents();
      return deliveryFromRow(inserted?.rows[0] as DeliveryRow);
    },
    pendingTargets: async (kind) => (await rows(statements.targets, kind, kind, kind)) as PendingTarget[],
    claimDelivery: claim,
    releaseClaims: async (node) => void (await change(statements.release, node)),
    settleDelivery: async (
      { id, attempts },
      { state, nextAttemptAt, lastStatus = null, lastError = null },
    ) => {
      const values = [state, nextAttemptAt, lastStatus, lastError, id, attempts];
      const settle = { statement: statements.settle, values };
      await write(state === 'pending' ? [settle] : [settle, { statement: wake, values: [id, id] }]);
    },
    retryDeliveriesNow: async ({ kind, target }, now) => {
      await inSlices(() => change(statements.retryNow, now, kind, target, now, ROWS_AT_ONCE));
      reportEvents();
    },
    skipDeliveries: async ({ kind, target }, reason) =>
      inSlices(() => change(statements.skip, reason, kind, target, ROWS_AT_ONCE)),
  };
}
