import type { SignInAttemptStore, SignInLimit } from '../../ports/people/sign-in-attempts.ts';
import { costOf, latestAtAll, type SignInAttemptRow } from '../../rows/people/sign-in-attempts.ts';
import {
  signInAttemptQueries,
  valuesToTake,
  waitUntilToken,
} from '../../statements/people/sign-in-attempts.ts';
import type { Connection } from '../connection/connection.ts';

export function sqliteSignInAttempts(connection: Connection): SignInAttemptStore {
  const { write } = connection;
  const statements = connection.prepareEach(signInAttemptQueries);
  const take = (limit: SignInLimit, now: number): number => {
    if (Number(statements.take.run(...valuesToTake(limit, now)).changes) === 0) {
      const row = statements.fullAt.get(limit.name) as Pick<SignInAttemptRow, 'full_at'>;
      return waitUntilToken(row.full_at, limit, now);
    }
    statements.deleteFull.run(now);
    statements.deleteWrong.run(latestAtAll(now));
    statements.deleteTooMany.run();
    return 0;
  };
  return {
    takeSignInAttempt: (limit, now) => write(() => take(limit, now)),
    giveBackSignInAttempts: (limits) =>
      write(() => {
        for (const limit of limits) statements.giveBack.run(costOf(limit), limit.name);
      }),
  };
}
