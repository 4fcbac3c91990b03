import { newestSchema } from '../migrations/migrate.ts';
import type { HealthStore } from '../ports/health.ts';
import type { Connection } from './connection/connection.ts';
import { statementOf } from './connection/statements.ts';

/** Writes to the log of the database, and to no table. */
const writeMessage = statementOf(`select pg_logical_emit_message(true, 'esim-rsp', 'health')`);
const newest = statementOf('select max(number) as found from migration');

export function postgresHealth({ rowsAlone, change }: Connection): HealthStore {
  return {
    tryWrite: async () => void (await change(writeMessage)),
    schemaVersion: async () => {
      const [row] = (await rowsAlone(newest)) as [{ found: number }];
      return { found: row.found, known: newestSchema };
    },
  };
}
