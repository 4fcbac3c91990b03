import { canUse, newestSchema, type Schema, schemaQuery } from '../migrations/migrate.ts';
import type { HealthStore, StatisticsStore } from '../ports/health.ts';
import {
  countFromRow,
  type PendingRow,
  pendingFromRow,
  positionOf,
  statisticsQueries,
} from '../statements/statistics.ts';
import type { Connection } from './connection/connection.ts';

const MAX_USER_VERSION = 0x7fff_ffff;

/** The number `user_version` of SQLite is not used for anything else: raising it writes a page. */
export function sqliteHealth({ db, read, write }: Connection): HealthStore {
  return {
    tryWrite: () =>
      write(() => {
        const { user_version: number } = db.prepare('pragma user_version').get() as { user_version: number };
        db.exec(`pragma user_version = ${(number + 1) % MAX_USER_VERSION}`);
      }),
    schemaVersion: () =>
      read(() => {
        const found = db.prepare(schemaQuery).get() as Schema;
        return { found: found.number, known: newestSchema, isUsable: canUse(found) };
      }),
  };
}

export function sqliteStatistics({ db, read, prepareEach }: Connection): StatisticsStore {
  const statements = prepareEach(statisticsQueries);
  const pragma = (name: 'page_count' | 'page_size') => Number(db.prepare(`pragma ${name}`).get()?.[name]);
  return {
    profileCounts: (after, most) =>
      read(() => statements.counts.all(...positionOf(after), most).map((row) => countFromRow(row as never))),
    pendingStatistics: (kind, most) =>
      read(() => pendingFromRow(statements.pending.get(kind, most) as PendingRow)),
    keysExpiringBetween: (from, to) =>
      read(() => (statements.expiring.get(from, to) as { count: number }).count),
    databaseBytes: () => read(() => pragma('page_count') * pragma('page_size')),
  };
}
