import { sql } from 'kysely';
import { MOST_CONSOLE_SESSIONS } from '../../ports/people/console-sessions.ts';
import { ROWS_AT_ONCE } from '../in-slices.ts';
import type { Builder, Queries } from '../queries.ts';

const NO_HASH = new Uint8Array();

export function consoleSessionQueries(kysely: Builder) {
  const ofPerson = () =>
    kysely.selectFrom('console_session').where('person', '=', '').orderBy('created_at', 'desc');
  const ofKey = () =>
    kysely
      .selectFrom('console_session')
      .where('account', '=', '')
      .where('key_id', '=', '')
      .orderBy('created_at', 'desc');
  const beyond = (owned: ReturnType<typeof ofPerson>) =>
    owned.select('id').limit(sql.lit(ROWS_AT_ONCE)).offset(sql.lit(MOST_CONSOLE_SESSIONS));
  return {
    byHash: () => kysely.selectFrom('console_session').selectAll().where('hash', '=', NO_HASH),
    recordUse: () =>
      kysely
        .updateTable('console_session')
        .set({ last_used_at: 0 })
        .where('id', '=', '')
        .where('last_used_at', '<', 0),
    delete: () => kysely.deleteFrom('console_session').where('id', '=', ''),
    deleteEnded: () =>
      kysely
        .deleteFrom('console_session')
        .where('id', 'in', (e) =>
          e
            .selectFrom('console_session')
            .select('id')
            .where('ends_at', '<=', 0)
            .orderBy('ends_at')
            .limit(sql.lit(ROWS_AT_ONCE)),
        ),
    deleteOldestOfPerson: () => kysely.deleteFrom('console_session').where('id', 'in', beyond(ofPerson())),
    deleteOldestOfKey: () => kysely.deleteFrom('console_session').where('id', 'in', beyond(ofKey())),
    ofPerson: () => ofPerson().selectAll(),
    ofKey: () => ofKey().selectAll(),
    deleteOfPerson: () => kysely.deleteFrom('console_session').where('person', '=', '').where('id', '<>', ''),
    deleteOfKey: () =>
      kysely
        .deleteFrom('console_session')
        .where('account', '=', '')
        .where('key_id', '=', '')
        .where('id', '<>', ''),
    ticket: () =>
      kysely.selectFrom('console_ticket').selectAll().where('hash', '=', NO_HASH).where('ends_at', '>', 0),
    takeTicket: () =>
      kysely.deleteFrom('console_ticket').where('hash', '=', NO_HASH).where('ends_at', '>', 0).returningAll(),
    deleteEndedTickets: () =>
      kysely
        .deleteFrom('console_ticket')
        .where('hash', 'in', (e) =>
          e
            .selectFrom('console_ticket')
            .select('hash')
            .where('ends_at', '<=', 0)
            .orderBy('ends_at')
            .limit(sql.lit(ROWS_AT_ONCE)),
        ),
  } satisfies Queries;
}
