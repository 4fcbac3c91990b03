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
import { statementOf, statementsOf } from './connection/statements.ts';

/** Writes to the log of the database, and to no table. */
const writeMessage = statementOf(`select pg_logical_emit_message(true, 'esim-rsp', 'health')`);
const schema = statementOf(schemaQuery);

export function postgresHealth({ rowsAlone, change }: Connection): HealthStore {
  return {
    tryWrite: async () => void (await change(writeMessage)),
    schemaVersion: async () => {
      const [found] = (await rowsAlone(schema)) as [Schema];
      return { found: found.number, known: newestSchema, isUsable: canUse(found) };
    },
  };
}

const statements = statementsOf(statisticsQueries);
const size = statementOf('select pg_database_size(current_database()) as bytes');

export function postgresStatistics({ rowsAlone }: Connection): StatisticsStore {
  return {
    profileCounts: async (after, most) =>
      (await rowsAlone(statements.counts, ...positionOf(after), most)).map((row) =>
        countFromRow(row as never),
      ),
    pendingStatistics: async (kind, most) =>
      pendingFromRow((await rowsAlone(statements.pending, kind, most))[0] as PendingRow),
    keysExpiringBetween: async (from, to) =>
      ((await rowsAlone(statements.expiring, from, to)) as [{ count: number }])[0].count,
    databaseBytes: async () => ((await rowsAlone(size)) as [{ bytes: number }])[0].bytes,
  };
}
