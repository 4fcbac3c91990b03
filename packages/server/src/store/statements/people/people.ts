import { sql } from 'kysely';
import { MOST_ACCOUNTS_OF_EMAIL } from '../../ports/people/people.ts';
import type { Builder, Queries } from '../queries.ts';

const NO_HASH = new Uint8Array();

export function personQueries(kysely: Builder) {
  const ofAccount = () => kysely.selectFrom('person').selectAll().where('account', '=', '');
  return {
    ofAccount: () => ofAccount().orderBy('email'),
    byId: () => ofAccount().where('id', '=', ''),
    byEmail: () =>
      kysely
        .selectFrom('person')
        .selectAll()
        .where('email', '=', '')
        .where('signed_in_at', 'is not', null)
        .orderBy('signed_in_at', 'desc')
        .limit(sql.lit(MOST_ACCOUNTS_OF_EMAIL)),
    count: () =>
      kysely.selectFrom('person').select(sql<number>`count(*)`.as('count')).where('account', '=', ''),
    delete: () => kysely.deleteFrom('person').where('account', '=', '').where('id', '=', ''),
    /** All but one. */
    deleteSessions: () => kysely.deleteFrom('console_session').where('person', '=', '').where('id', '<>', ''),
    deletePasskeys: () => kysely.deleteFrom('passkey').where('person', '=', ''),
    /** An invitation that has not ended, with its person. */
    invited: () =>
      kysely
        .selectFrom('person')
        .innerJoin('console_ticket', 'console_ticket.person', 'person.id')
        .selectAll('person')
        .where('console_ticket.hash', '=', NO_HASH)
        .where('console_ticket.ends_at', '>', 0),
    deleteTickets: () => kysely.deleteFrom('console_ticket').where('person', '=', ''),
  } satisfies Queries;
}
