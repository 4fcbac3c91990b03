import type { IdempotencyStore, IdempotentRequest } from '../ports/idempotency.ts';
import { type IdempotencyRow, idempotentFromRow, idempotentToRow } from '../rows/idempotency.ts';
import type { GroupCommit } from './group-commit.ts';
import type { Statements } from './statements.ts';

/** Requests with an Idempotency-Key in SQLite. */
export function sqliteIdempotency(statements: Statements, { write }: GroupCommit): IdempotencyStore {
  const begin = (request: IdempotentRequest, abandonedBefore: number): 'begun' | IdempotentRequest => {
    const { account, key } = request;
    statements.removeAbandoned.run(account, key, abandonedBefore);
    if (statements.insertIdempotent(idempotentToRow(request))) return 'begun';
    return idempotentFromRow(statements.idempotent.get(account, key) as IdempotencyRow);
  };
  return {
    beginIdempotent: (request, abandonedBefore) => write(() => begin(request, abandonedBefore)),
    keepAnswer: (account, key, { status, sealed }) =>
      write(() => {
        statements.keepAnswer.run(status, sealed, account, key);
      }),
    forgetIdempotent: (account, key) =>
      write(() => {
        statements.forgetIdempotent.run(account, key);
      }),
    removeIdempotentBefore: (begunAt) =>
      write(() => Number(statements.removeIdempotentBefore.run(begunAt).changes)),
  };
}
