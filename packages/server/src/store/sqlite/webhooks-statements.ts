import type { StatementSync } from 'node:sqlite';
import { type Compilable, type Kysely, sql } from 'kysely';
import type { Tables } from '../rows/columns.ts';
import { webhookColumns } from '../rows/webhooks.ts';

export function webhookStatements(kysely: Kysely<Tables>, prepare: (query: Compilable) => StatementSync) {
  const endpoints = kysely.selectFrom('webhook_endpoint').selectAll();
  const byAge = endpoints.orderBy('created_at').orderBy('id');
  const { id: _, ...changing } = webhookColumns;
  const blank = Object.fromEntries(Object.keys(changing).map((name) => [name, '']));
  return {
    webhooks: prepare(byAge),
    webhooksOfAccount: prepare(byAge.where('account', '=', '')),
    countWebhooks: prepare(
      kysely
        .selectFrom('webhook_endpoint')
        .select(sql<number>`count(*)`.as('count'))
        .where('account', '=', ''),
    ),
    webhook: prepare(endpoints.where('id', '=', '')),
    updateWebhook: prepare(kysely.updateTable('webhook_endpoint').set(blank).where('id', '=', '')),
    removeWebhook: prepare(kysely.deleteFrom('webhook_endpoint').where('id', '=', '')),
  };
}
