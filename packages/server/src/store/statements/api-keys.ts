import { sql } from 'kysely';
import type { Builder, Queries } from './queries.ts';

export function apiKeyQueries(kysely: Builder) {
  return {
    ofAccount: () => kysely.selectFrom('api_key').selectAll().where('account', '=', ''),
    countValid: () =>
      kysely
        .selectFrom('api_key')
        .select(sql<number>`count(*)`.as('count'))
        .where('account', '=', '')
        .where((key) => key.or([key('expires_at', 'is', null), key('expires_at', '>', 0)])),
    expire: () =>
      kysely.updateTable('api_key').set({ expires_at: 0 }).where('account', '=', '').where('id', '=', ''),
    recordUse: () =>
      kysely
        .updateTable('api_key')
        .set({ last_used_at: 0 })
        .where('id', '=', '')
        .where((key) => key.or([key('last_used_at', 'is', null), key('last_used_at', '<', 0)])),
  } satisfies Queries;
}
