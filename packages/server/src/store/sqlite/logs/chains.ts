import type { ChainStore, LeaseStore, LogName } from '../../ports/logs/chains.ts';
import { chainStore } from '../../statements/logs/chains.ts';
import { type Connection, prepareLazily } from '../connection/connection.ts';
import { rowsOf } from '../connection/read-rows.ts';
import { textEngine } from '../connection/text-engine.ts';

export function sqliteChains(connection: Connection): ChainStore & LeaseStore {
  const { db, readLong } = connection;
  const lastEntry = prepareLazily({
    audit: () => db.prepare('select max(id) as id from audit'),
    event: () => db.prepare('select max(id) as id from event'),
  } satisfies Record<LogName, () => unknown>);
  return chainStore({
    ...textEngine(connection),
    /** One writer at a time: what is committed is complete. */
    settled: (log: LogName) =>
      readLong(() => {
        const [last] = rowsOf(lastEntry[log]) as { id: number | null }[];
        return last?.id ?? 0;
      }),
  });
}
