import { sql } from 'kysely';
import { MOST_SIGN_IN_NAMES, type SignInLimit } from '../../ports/people/sign-in-attempts.ts';
import { costOf, latestAtAll, latestWithToken } from '../../rows/people/sign-in-attempts.ts';
import { ROWS_AT_ONCE } from '../in-slices.ts';
import type { Builder, Queries } from '../queries.ts';
import { mustBeWhole } from '../write-row.ts';

export function signInAttemptQueries(kysely: Builder) {
  const attempts = () => kysely.selectFrom('sign_in_attempt');
  return {
    take: () =>
      kysely
        .insertInto('sign_in_attempt')
        .values({ name: '', full_at: 0 })
        .onConflict((conflict) =>
          conflict
            .column('name')
            .doUpdateSet({
              full_at: sql<number>`case when sign_in_attempt.full_at > ${0} and sign_in_attempt.full_at <= ${0}
                then sign_in_attempt.full_at + ${0} else ${0} end`,
            })
            .where(({ eb, or }) =>
              or([eb('sign_in_attempt.full_at', '<=', 0), eb('sign_in_attempt.full_at', '>', 0)]),
            ),
        ),
    fullAt: () => attempts().select('full_at').where('name', '=', ''),
    giveBack: () =>
      kysely
        .updateTable('sign_in_attempt')
        .set({ full_at: sql<number>`full_at - ${0}` })
        .where('name', '=', ''),
    deleteFull: () =>
      kysely
        .deleteFrom('sign_in_attempt')
        .where('name', 'in', (e) =>
          e
            .selectFrom('sign_in_attempt')
            .select('name')
            .where('full_at', '<=', 0)
            .orderBy('full_at')
            .limit(sql.lit(ROWS_AT_ONCE)),
        ),
    deleteWrong: () => kysely.deleteFrom('sign_in_attempt').where('full_at', '>', 0),
    deleteTooMany: () =>
      kysely
        .deleteFrom('sign_in_attempt')
        .where(
          'full_at',
          '<=',
          attempts()
            .select('full_at')
            .orderBy('full_at', 'desc')
            .limit(sql.lit(1))
            .offset(sql.lit(MOST_SIGN_IN_NAMES)),
        ),
  } satisfies Queries;
}

/** The values of `take`. */
export function valuesToTake(limit: SignInLimit, now: number): (string | number)[] {
  mustBeWhole(now, 'sign_in_attempt.full_at');
  const [cost, latest] = [costOf(limit), latestAtAll(now)];
  return [limit.name, now + cost, now, latest, cost, now + cost, latestWithToken(limit, now), latest];
}

/** How long an attempt has to wait for a bucket that is full at this time. */
export function waitUntilToken(fullAt: number, limit: SignInLimit, now: number): number {
  return Math.max(1, fullAt - latestWithToken(limit, now));
}
