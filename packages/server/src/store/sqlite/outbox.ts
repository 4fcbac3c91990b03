import { type Kysely, sql } from 'kysely';
import type { Claim, FanOut, NewDelivery, OutboxStore, PendingTarget } from '../ports/outbox.ts';
import { UnreadableRecordError } from '../ports/unreadable-rows.ts';
import { type DeliveryRow, deliveryFromRow } from '../rows/outbox.ts';
import type { Tables } from '../rows/tables.ts';
import { type Connection, prepareLazily } from './connection/connection.ts';
import { rowsOf } from './connection/read-rows.ts';
import { deliveryWriter, nameOfDelivery, sqliteDeliveries } from './logs/deliveries.ts';

export function sqliteOutbox(connection: Connection): OutboxStore {
  const { read, readableOne, write } = connection;
  const statements = prepareStatements(connection);
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
      const found = statements.due.get(kind, target, now, now, 1) ?? statements.never.get(kind, target, 1);
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
      write(() => void statements.retryNow.run(now, kind, target)),
    skipDeliveries: ({ kind, target }, reason) => write(() => void statements.skip.run(reason, kind, target)),
  };
}

const pending = sql<boolean>`state = 'pending'`;

function prepareStatements({ kysely, prepare }: Connection) {
  const update = () => kysely.updateTable('delivery');
  return prepareLazily({
    position: () => prepare(kysely.selectFrom('outbox').select('last_event')),
    move: () => prepare(kysely.updateTable('outbox').set({ last_event: 0 }).where('last_event', '=', 0)),
    targets: () => prepare(distinctTargets(kysely)),
    due: () => prepare(due(kysely)),
    /** Its time is none: it would never be due. */
    never: () =>
      prepare(
        kysely
          .selectFrom('delivery')
          .select('id')
          .where('kind', '=', '')
          .where('target', '=', '')
          .where(pending)
          .where('next_attempt_at', '>', sql.lit(Number.MAX_SAFE_INTEGER))
          .limit(1),
      ),
    whole: () => prepare(kysely.selectFrom('delivery').selectAll().where('id', '=', 0)),
    lease: () =>
      prepare(
        update()
          .set((e) => ({
            lease_until: 0,
            lease_node: '',
            last_attempt_at: 0,
            attempts: e('attempts', '+', sql.lit(1)),
          }))
          .where('id', '=', 0)
          .returningAll(),
      ),
    release: () =>
      prepare(
        update()
          .set({ lease_until: sql.lit(0) })
          .where('lease_node', '=', '')
          .where(pending)
          .where('lease_until', '>', sql.lit(0)),
      ),
    settle: () =>
      prepare(
        update()
          .set({ state: '', next_attempt_at: 0, last_status: 0, last_error: '', lease_until: sql.lit(0) })
          .where('id', '=', 0)
          .where('attempts', '=', 0)
          .where(pending),
      ),
    fail: () =>
      prepare(
        update()
          .set({ state: sql.lit('failed'), next_attempt_at: 0, last_error: '', lease_until: sql.lit(0) })
          .where('id', '=', 0)
          .where(pending),
      ),
    retryNow: () =>
      prepare(
        update().set({ next_attempt_at: 0 }).where('kind', '=', '').where('target', '=', '').where(pending),
      ),
    skip: () =>
      prepare(
        update()
          .set({ state: sql.lit('skipped'), last_error: '' })
          .where('kind', '=', '')
          .where('target', '=', '')
          .where(pending),
      ),
  });
}

/** Each step finds the next target in the index, however many deliveries the one before has. */
function distinctTargets(kysely: Kysely<Tables>) {
  const least = sql`select min(target) as target from delivery where kind = ${''} and state = 'pending'`;
  return kysely
    .withRecursive('found', () =>
      sql<{
        target: string | null;
      }>`(${least} union all select (${least} and target > found.target) from found where found.target is not null)`.$castTo<never>(),
    )
    .selectFrom('found' as never)
    .select([
      sql<string>`target`.as('target'),
      sql<string>`(select account from delivery where kind = ${''} and state = 'pending' and target = found.target limit 1)`.as(
        'account',
      ),
    ])
    .where(sql<boolean>`target is not null`);
}

/** Of one target: due, not claimed, and the earliest of its ICCID. */
function due(kysely: Kysely<Tables>) {
  return kysely
    .selectFrom('delivery')
    .select('id')
    .where('kind', '=', '')
    .where('target', '=', '')
    .where(pending)
    .where('next_attempt_at', '<=', 0)
    .where('lease_until', '<=', 0)
    .where(
      sql<boolean>`not exists (select 1 from delivery as earlier where earlier.kind = delivery.kind and earlier.target = delivery.target and earlier.iccid = delivery.iccid and earlier.state = 'pending' and earlier.id < delivery.id)`,
    )
    .orderBy('next_attempt_at')
    .orderBy('id')
    .limit(1);
}
