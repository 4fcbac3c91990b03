import { sql } from 'kysely';
import type { Builder, Queries } from './queries.ts';

export function webhookQueries(kysely: Builder) {
  const endpoints = () => kysely.selectFrom('webhook_endpoint').selectAll();
  const byAge = () => endpoints().orderBy('created_at').orderBy('id');
  return {
    all: () => byAge(),
    ofAccount: () => byAge().where('account', '=', ''),
    count: () =>
      kysely
        .selectFrom('webhook_endpoint')
        .select(sql<number>`count(*)`.as('count'))
        .where('account', '=', ''),
    byId: () => endpoints().where('id', '=', ''),
    delete: () => kysely.deleteFrom('webhook_endpoint').where('account', '=', '').where('id', '=', ''),
    deleteDeliveries: () =>
      kysely
        .deleteFrom('delivery')
        .where('id', 'in', (e) =>
          e
            .selectFrom('delivery')
            .select('id')
            .where('kind', '=', sql.lit('webhook'))
            .where('target', '=', '')
            .limit(1),
        ),
  } satisfies Queries;
}
