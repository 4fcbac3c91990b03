import { sql } from 'kysely';
import { MOST_ACCOUNTS_OF_EMAIL } from '../../ports/people/people.ts';
import type { Builder, Queries } from '../queries.ts';

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
    deleteSessions: () => kysely.deleteFrom('console_session').where('person', '=', ''),
    deletePasskeys: () => kysely.deleteFrom('passkey').where('person', '=', ''),
    deleteTickets: () => kysely.deleteFrom('console_ticket').where('person', '=', ''),
  } satisfies Queries;
}
