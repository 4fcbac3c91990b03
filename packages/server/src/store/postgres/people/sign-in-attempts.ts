import type { SignInAttemptStore } from '../../ports/people/sign-in-attempts.ts';
import { costOf, latestAtAll, type SignInAttemptRow } from '../../rows/people/sign-in-attempts.ts';
import {
  signInAttemptQueries,
  valuesToTake,
  waitUntilToken,
} from '../../statements/people/sign-in-attempts.ts';
import type { Connection } from '../connection/connection.ts';
import { statementsOf } from '../connection/statements.ts';

const statements = statementsOf(signInAttemptQueries);

export function postgresSignInAttempts({ rows, write, change }: Connection): SignInAttemptStore {
  /** In a transaction of its own: rows that others count on are not locked meanwhile. */
  const deleteSome = (now: number) =>
    write([
      { statement: statements.deleteFull, values: [now] },
      { statement: statements.deleteWrong, values: [latestAtAll(now)] },
      { statement: statements.deleteTooMany, values: [] },
    ]);
  return {
    takeSignInAttempt: async (limit, now) => {
      if ((await change(statements.take, ...valuesToTake(limit, now))) === 1) {
        await deleteSome(now);
        return 0;
      }
      const [row] = (await rows(statements.fullAt, limit.name)) as Pick<SignInAttemptRow, 'full_at'>[];
      return row === undefined ? 1 : waitUntilToken(row.full_at, limit, now);
    },
    giveBackSignInAttempts: async (limits) => {
      await write(
        limits.map((limit) => ({ statement: statements.giveBack, values: [costOf(limit), limit.name] })),
      );
    },
  };
}
