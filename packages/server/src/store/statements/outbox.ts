import { sql } from 'kysely';
import { ROWS_AT_ONCE } from './in-slices.ts';
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

/** Of one target: due and not claimed, as many as one statement examines. */
function examined(kysely: Builder) {
  return kysely
    .selectFrom('delivery')
    .where('kind', '=', '')
    .where('target', '=', '')
    .where(pending)
    .where('next_attempt_at', '<=', 0)
    .where('lease_until', '<=', 0)
    .orderBy('next_attempt_at')
    .orderBy('id')
    .limit(sql.lit(ROWS_AT_ONCE));
}

/** The earliest pending delivery of the ICCID of a delivery: the others wait for it. */
const ofHead = `from delivery as head where head.kind = delivery.kind and head.target = delivery.target
  and head.iccid = delivery.iccid and head.state = 'pending' order by head.id limit 1`;

/** Of those that are examined: the earliest of its ICCID. */
export function dueDelivery(kysely: Builder) {
  const columns = ['id', 'kind', 'target', 'iccid', 'next_attempt_at'] as const;
  return kysely
    .selectFrom(examined(kysely).select(columns).as('delivery'))
    .select('id')
    .where(sql<boolean>`id = (select head.id ${sql.raw(ofHead)})`)
    .orderBy('next_attempt_at')
    .orderBy('id')
    .limit(1);
}

/** Those that are examined, to move them. */
export function blockedDeliveries(kysely: Builder) {
  return examined(kysely).select('id');
}

/** Whether there may be more than are examined. */
export function lastExamined(kysely: Builder) {
  return examined(kysely)
    .select('id')
    .limit(sql.lit(1))
    .offset(sql.lit(ROWS_AT_ONCE - 1));
}

/** Moves deliveries to the time at which the one that they wait for can be tried, so that they are not examined again before. `isExamined`: the condition on their ids. */
export function moveBehindHead(isExamined: string): string {
  const time = `(select case when head.next_attempt_at > head.lease_until then head.next_attempt_at else head.lease_until end ${ofHead})`;
  return `update delivery set next_attempt_at = ${time} where ${isExamined} and ${time} > next_attempt_at and ${time} <= ${Number.MAX_SAFE_INTEGER}`;
}

/** Once a delivery has ended: the next one of its ICCID is due, if it was moved. The id of the first is bound twice. */
export const wakeNext = `update delivery set next_attempt_at = coalesce(ended.last_attempt_at, ended.created_at) from delivery as ended
  where ended.id = ? and delivery.next_attempt_at > coalesce(ended.last_attempt_at, ended.created_at) and delivery.next_attempt_at <= ${Number.MAX_SAFE_INTEGER}
  and delivery.id = (select following.id from delivery as last, delivery as following where last.id = ? and last.state <> 'pending'
    and following.kind = last.kind and following.target = last.target and following.iccid = last.iccid and following.state = 'pending'
    order by following.id limit 1)`;
