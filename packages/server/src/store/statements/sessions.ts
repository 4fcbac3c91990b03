import { sql } from 'kysely';
import type { SessionFilter } from '../ports/sessions.ts';
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

export function searchSessions(kysely: Builder, filter: SessionFilter) {
  const { account = '', iccid = '', eid = '', reason = '', since = 0, after, count } = filter;
  const { openedAt = 0, transactionId = '' } = after ?? {};
  return kysely
    .selectFrom('session')
    .select(sessionColumnNames)
    .where('opened_at', 'is not', null)
    .$if(filter.withoutProfile === true, (query) => query.where('asked_iccid', 'is', null))
    .$if(
      filter.withoutProfile === true && filter.account !== undefined && filter.eid !== undefined,
      (query) =>
        query.where('session.eid', 'in', (e) =>
          e
            .selectFrom('profile')
            .select('profile.eid')
            .where('account', '=', account)
            .whereRef('profile.eid', '=', 'session.eid')
            .$narrowType<{ eid: string }>(),
        ),
    )
    .$if(filter.account !== undefined && filter.withoutProfile !== true, (query) =>
      query.where('asked_iccid', 'in', (e) =>
        e
          .selectFrom('profile')
          .select('profile.iccid')
          .where('account', '=', account)
          .whereRef('profile.iccid', '=', 'session.asked_iccid'),
      ),
    )
    .$if(filter.iccid !== undefined, (query) => query.where('asked_iccid', '=', iccid))
    .$if(filter.eid !== undefined, (query) => query.where('eid', '=', eid))
    .$if(filter.reason !== undefined, (query) =>
      query.where(sql<boolean>`replace(reasons, ${` ${reason} `}, '') <> reasons`),
    )
    .$if(filter.since !== undefined, (query) => query.where('opened_at', '>=', since))
    .$if(after !== undefined, (query) =>
      query.where(sql<boolean>`(opened_at, transaction_id) < (${openedAt}, ${transactionId})`),
    )
    .orderBy('opened_at', 'desc')
    .orderBy('transaction_id', 'desc')
    .limit(count);
}
