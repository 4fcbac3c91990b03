import { sessionColumnNames } from '../rows/sessions.ts';
import type { Builder, Queries } from './queries.ts';

/** Whole sessions. */
export function sessionQueries(kysely: Builder) {
  const sessions = () => kysely.selectFrom('session').select(sessionColumnNames);
  return {
    byId: () => sessions().where('transaction_id', '=', ''),
    recent: () =>
      sessions()
        .orderBy('opened_at', (order) => order.desc().nullsLast())
        .orderBy('transaction_id')
        .limit(1),
  } satisfies Queries;
}

export function deleteExpiredSessions(kysely: Builder) {
  return kysely
    .deleteFrom('session')
    .where('transaction_id', 'in', (e) =>
      e
        .selectFrom('session')
        .select('transaction_id')
        .where('expires_at', '<', 0)
        .orderBy('expires_at')
        .limit(1),
    );
}
