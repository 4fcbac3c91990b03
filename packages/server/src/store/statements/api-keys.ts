import { sql } from 'kysely';
import { ROWS_AT_ONCE } from './in-slices.ts';
import type { Builder, Queries } from './queries.ts';

/** Keys of an account that are kept after they have expired: those that expired last. */
export const EXPIRED_KEYS_KEPT = 1000;

export function apiKeyQueries(kysely: Builder) {
  const ofAccount = () => kysely.selectFrom('api_key').selectAll().where('account', '=', '');
  /** Two queries, so that SQLite finds each by the index on times. */
  const valid = () =>
    ofAccount()
      .where('expires_at', 'is', null)
      .unionAll(ofAccount().where('expires_at', '>', 0));
  return {
    ofAccount: () => ofAccount().orderBy('created_at').orderBy('id'),
    byId: () => ofAccount().where('id', '=', ''),
    valid: () => valid(),
    countValid: () => kysely.selectFrom(valid().as('valid')).select(sql<number>`count(*)`.as('count')),
    deleteExpired: () =>
      kysely
        .deleteFrom('api_key')
        .where('id', 'in', (e) =>
          e
            .selectFrom('api_key')
            .select('id')
            .where('account', '=', '')
            .where('expires_at', '<=', 0)
            .orderBy('expires_at', 'desc')
            .limit(sql.lit(ROWS_AT_ONCE))
            .offset(sql.lit(EXPIRED_KEYS_KEPT)),
        ),
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
