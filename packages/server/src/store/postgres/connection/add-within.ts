import type { Call, Result } from './batch.ts';
import type { Connection } from './connection.ts';
import type { Session } from './pool.ts';
import { statementOf } from './statements.ts';

const lock = statementOf('select id from account where id = $1 for no key update');

/**
 * Adds something to an account that may have a limited number of it. `counts` are the first statements of a transaction; others that add to the
 * account wait until it has ended, so what they count stays true.
 */
export function addWithin<T>(
  { transaction, inOrder }: Connection,
  account: string,
  counts: readonly Call[],
  add: (session: Session, counted: readonly Result[]) => Promise<T>,
): Promise<T> {
  const work = async (session: Session) => {
    const [, ...counted] = await session.run([{ statement: lock, values: [account] }, ...counts]);
    return add(session, counted);
  };
  return inOrder([`account ${account}`], () => transaction(work));
}

/** The count that a statement selected. */
export function countIn(result: Result | undefined): number {
  const [row] = (result?.rows ?? []) as { readonly count: number }[];
  return row?.count ?? 0;
}
