import { sql } from 'kysely';
import { ROWS_AT_ONCE } from '../in-slices.ts';
import type { Builder, Queries } from '../queries.ts';

const NO_BYTES = new Uint8Array();

export function passkeyQueries(kysely: Builder) {
  return {
    ofPerson: () => kysely.selectFrom('passkey').selectAll().where('person', '=', '').orderBy('created_at'),
    byCredential: () => kysely.selectFrom('passkey').selectAll().where('credential_id', '=', NO_BYTES),
    count: () =>
      kysely.selectFrom('passkey').select(sql<number>`count(*)`.as('count')).where('person', '=', ''),
    recordUse: () =>
      kysely
        .updateTable('passkey')
        .set({ counter: 0, used_at: 0 })
        .where('id', '=', '')
        .where('counter', '=', 0),
    delete: () => kysely.deleteFrom('passkey').where('person', '=', '').where('id', '=', ''),
    /** Those of the person, all but one. */
    deleteSessions: () => kysely.deleteFrom('console_session').where('person', '=', '').where('id', '<>', ''),
    countChallenges: () => kysely.selectFrom('passkey_challenge').select(sql<number>`count(*)`.as('count')),
    deleteEndedChallenges: () =>
      kysely
        .deleteFrom('passkey_challenge')
        .where('hash', 'in', (e) =>
          e
            .selectFrom('passkey_challenge')
            .select('hash')
            .where('ends_at', '<=', 0)
            .orderBy('ends_at')
            .limit(sql.lit(ROWS_AT_ONCE)),
        ),
    takeChallenge: () =>
      kysely
        .deleteFrom('passkey_challenge')
        .where('hash', '=', NO_BYTES)
        .where('ends_at', '>', 0)
        .returningAll(),
  } satisfies Queries;
}
