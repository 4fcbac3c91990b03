import type { Connection } from './connection/connection.ts';
import { statementOf } from './connection/statements.ts';

const EVERY_MS = 15_000;
/** Rows of one count before they are replaced by their sum, and rows that one statement replaces. */
const [FEW, MOST] = [100, 20_000];

const sumUp = statementOf(
  `with many as (select account, profile_type, state from profile_count group by 1, 2, 3 having count(*) > ${FEW}),
    summed as (delete from profile_count where ctid = any (array(
      select profile_count.ctid from profile_count join many using (account, profile_type, state)
      limit ${MOST} for update of profile_count skip locked)) returning *)
    insert into profile_count (account, profile_type, state, count)
    select account, profile_type, state, sum(count) from summed group by 1, 2, 3`,
);

/** Replaces the rows of each count by their sum; two nodes that do it at the same time take different rows. */
export async function sumUpCounts({ change }: Pick<Connection, 'change'>): Promise<void> {
  await change(sumUp);
}

/** Sums up now and then. An error is left to the next time: the sums are right in any case. The returned function stops it. */
export function startSums(connection: Connection): () => Promise<void> {
  let running: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    running = running.then(() => sumUpCounts(connection)).catch(() => undefined);
  }, EVERY_MS);
  timer.unref();
  return () => {
    clearInterval(timer);
    return running;
  };
}
