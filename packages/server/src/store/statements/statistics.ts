import { sql } from 'kysely';
import type { PendingStatistics, ProfileCount } from '../ports/health.ts';
import type { Builder, Queries } from './queries.ts';

/** Statistics for metrics. */
export function statisticsQueries(kysely: Builder) {
  return {
    /** An engine may have several rows of one kind: their sum counts. */
    counts: () =>
      kysely
        .selectFrom('profile_count')
        .select(['account', 'profile_type', 'state', sql<number>`sum(count)`.as('count')])
        .where(sql<boolean>`(account, profile_type, state) > (${''}, ${''}, ${''})`)
        .groupBy(['account', 'profile_type', 'state'])
        .orderBy('account')
        .orderBy('profile_type')
        .orderBy('state')
        .limit(1),
    pending: () =>
      kysely
        .selectFrom(
          kysely
            .selectFrom('delivery')
            .select('created_at')
            .where('kind', '=', '')
            .where(sql<boolean>`state = 'pending'`)
            .limit(1)
            .as('some'),
        )
        .select([sql<number>`count(*)`.as('count'), sql<number | null>`min(created_at)`.as('oldest')]),
    expiring: () =>
      kysely
        .selectFrom('api_key')
        .select(sql<number>`count(*)`.as('count'))
        .where('expires_at', '>', 0)
        .where('expires_at', '<=', 0),
  } satisfies Queries;
}

type CountRow = Omit<ProfileCount, 'profileType'> & { readonly profile_type: string };

/** The values of the query of the next counts. */
export function positionOf(after: ProfileCount | undefined): [string, string, string] {
  const { account = '', profileType = '', state = '' } = after ?? {};
  return [account, profileType, state];
}

export function countFromRow({ account, profile_type, state, count }: CountRow): ProfileCount {
  return { account, profileType: profile_type, state, count };
}

export type PendingRow = { readonly count: number; readonly oldest: number | null };

export function pendingFromRow({ count, oldest }: PendingRow): PendingStatistics {
  return { count, ...(oldest !== null && { oldestAt: oldest }) };
}
