import type { StatementSync } from 'node:sqlite';
import { type Compilable, type Kysely, sql } from 'kysely';
import type { Tables } from '../rows/columns.ts';
import { type DeliveryRow, deliveryToRow } from '../rows/outbox.ts';

const pending = sql<boolean>`state = 'pending'`;

export function outboxStatements(kysely: Kysely<Tables>, prepare: (query: Compilable) => StatementSync) {
  const deliveries = kysely.selectFrom('delivery').selectAll();
  const log = deliveries.where('kind', '=', '').where('target', '=', '').where('id', '<', 0);
  const change = kysely.updateTable('delivery');
  return {
    fannedOut: prepare(kysely.selectFrom('outbox').select('last_event')),
    moveCursor: prepare(kysely.updateTable('outbox').set({ last_event: 0 }).where('last_event', '=', 0)),
    insertDelivery: prepare(kysely.insertInto('delivery').values(blank).returningAll()),
    pendingTargets: prepare(distinctTargets(kysely)),
    dueDelivery: prepare(due(kysely)),
    leaseDelivery: prepare(
      change
        .set((e) => ({ lease_until: 0, last_attempt_at: 0, attempts: e('attempts', '+', sql.lit(1)) }))
        .where('id', '=', 0)
        .returningAll(),
    ),
    releaseDeliveries: prepare(
      change
        .set({ lease_until: sql.lit(0) })
        .where(pending)
        .where('lease_until', '>', sql.lit(0)),
    ),
    settleDelivery: prepare(
      change
        .set({ state: '', next_attempt_at: 0, last_status: 0, last_error: '', lease_until: sql.lit(0) })
        .where('id', '=', 0)
        .where(pending),
    ),
    hurryDeliveries: prepare(
      change.set({ next_attempt_at: 0 }).where('kind', '=', '').where('target', '=', '').where(pending),
    ),
    skipDeliveries: prepare(
      change
        .set({ state: sql.lit('skipped'), last_error: '' })
        .where('kind', '=', '')
        .where('target', '=', '')
        .where(pending),
    ),
    removeDeliveries: prepare(kysely.deleteFrom('delivery').where('kind', '=', '').where('target', '=', '')),
    deliveryLog: prepare(log.orderBy('id', 'desc').limit(1)),
    deliveryLogInState: prepare(log.where('state', '=', '').orderBy('id', 'desc').limit(1)),
    delivery: prepare(deliveries.where('id', '=', 0)),
    removeOldDeliveries: prepare(
      kysely
        .deleteFrom('delivery')
        .where('id', 'in', (e) =>
          e
            .selectFrom('delivery')
            .select('id')
            .where('created_at', '<', 0)
            .where('state', '<>', sql.lit('pending'))
            .orderBy('created_at')
            .limit(1),
        ),
    ),
  };
}

const blank = deliveryToRow({
  kind: 'webhook',
  target: '',
  account: '',
  type: '',
  iccid: '',
  createdAt: 0,
}) as DeliveryRow;

/** Each step looks up the next target in the index, however many deliveries the one before has. */
function distinctTargets(kysely: Kysely<Tables>) {
  const least = sql`select min(target) as target from delivery where kind = ${''} and state = 'pending'`;
  return kysely
    .withRecursive('found', () =>
      sql<{
        target: string | null;
      }>`(${least} union all select (${least} and target > found.target) from found where found.target is not null)`.$castTo<never>(),
    )
    .selectFrom('found' as never)
    .select(sql<string>`target`.as('target'))
    .where(sql<boolean>`target is not null`);
}

/** Of one target: due, claimed by nobody, and the earliest of its ICCID. */
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
