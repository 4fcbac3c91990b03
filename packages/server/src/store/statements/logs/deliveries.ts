import { sql } from 'kysely';
import type { DeliveryFilter } from '../../ports/outbox.ts';
import type { Builder, Queries } from '../queries.ts';
import { isOneOf, type LogRoute } from './log-page.ts';

export function deliveryQueries(kysely: Builder) {
  return {
    byId: () => kysely.selectFrom('delivery').selectAll().where('id', '=', 0),
    deleteOld: () =>
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
  } satisfies Queries;
}

/** Along the deliveries of a target, or the mail of an account; by their times if they are limited. */
export function deliveryRoute({
  kind,
  target,
  account,
  state,
  types,
  since,
  until,
}: DeliveryFilter): LogRoute {
  const isTimed = since !== undefined || until !== undefined;
  return {
    from: sql`delivery`,
    columns: sql`*`,
    equal:
      target === undefined
        ? [sql<boolean>`kind = 'mail'`, sql<boolean>`account = ${account}`]
        : [sql<boolean>`kind = ${kind}`, sql<boolean>`target = ${target}`],
    id: sql.ref('id'),
    ...(isTimed && { time: sql.ref('created_at') }),
    others: [
      ...isOneOf(sql.ref('account'), target === undefined || account === undefined ? undefined : [account]),
      ...isOneOf(sql.ref('state'), state === undefined ? undefined : [state]),
      ...isOneOf(sql.ref('type'), types),
    ],
  };
}
