import { sql } from 'kysely';
import type { Builder, Queries } from './queries.ts';

export function templateQueries(kysely: Builder) {
  const ofAccount = () => kysely.selectFrom('template').where('account', '=', '');
  return {
    ofAccount: () => ofAccount().selectAll().orderBy('profile_type'),
    ofType: () => ofAccount().selectAll().where('profile_type', '=', ''),
    count: () => ofAccount().select(sql<number>`count(*)`.as('count')),
    delete: () => kysely.deleteFrom('template').where('account', '=', '').where('profile_type', '=', ''),
    /** A smaller number than the stored one changes nothing. */
    use: () => kysely.updateTable('template').set({ passed: 0 }).where('id', '=', '').where('passed', '<', 0),
  } satisfies Queries;
}
