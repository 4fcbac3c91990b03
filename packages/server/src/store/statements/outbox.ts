import { sql } from 'kysely';
import type { Builder, Queries } from './queries.ts';

const pending = sql<boolean>`state = 'pending'`;

export function outboxQueries(kysely: Builder) {
  const update = () => kysely.updateTable('delivery');
  const pendingOf = () =>
    kysely.selectFrom('delivery').select('id').where('kind', '=', '').where('target', '=', '').where(pending);
  return {
    position: () => kysely.selectFrom('outbox').select('last_event'),
    move: () => kysely.updateTable('outbox').set({ last_event: 0 }).where('last_event', '=', 0),
    targets: () => distinctTargets(kysely),
    /** Its time is none: it would never be due. */
    never: () =>
      kysely
        .selectFrom('delivery')
        .select('id')
        .where('kind', '=', '')
        .where('target', '=', '')
        .where(pending)
        .where('next_attempt_at', '>', sql.lit(Number.MAX_SAFE_INTEGER))
        .limit(1),
    whole: () => kysely.selectFrom('delivery').selectAll().where('id', '=', 0),
    lease: () =>
      update()
        .set((e) => ({
          lease_until: 0,
          lease_node: '',
          last_attempt_at: 0,
          attempts: e('attempts', '+', sql.lit(1)),
        }))
        .where('id', '=', 0)
        .returningAll(),
    release: () =>
      update()
        .set({ lease_until: sql.lit(0) })
        .where('lease_node', '=', '')
        .where(pending)
        .where('lease_until', '>', sql.lit(0)),
    settle: () =>
      update()
        .set({ state: '', next_attempt_at: 0, last_status: 0, last_error: '', lease_until: sql.lit(0) })
        .where('id', '=', 0)
        .where('attempts', '=', 0)
        .where(pending),
    fail: () =>
      update()
        .set({ state: sql.lit('failed'), next_attempt_at: 0, last_error: '', lease_until: sql.lit(0) })
        .where('id', '=', 0)
        .where(pending),
    retryNow: () =>
      update()
        .set({ next_attempt_at: 0 })
        .where('id', 'in', pendingOf().where('next_attempt_at', '>', 0).limit(1)),
    skip: () =>
      update()
        .set({ state: sql.lit('skipped'), last_error: '' })
        .where('id', 'in', pendingOf().limit(1)),
  } satisfies Queries;
}

/** Each step finds the next target in the index, however many deliveries the one before has. */
function distinctTargets(kysely: Builder) {
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
export function dueDelivery(kysely: Builder) {
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
