import type { ChainStore, LeaseStore, LogName } from '../../ports/logs/chains.ts';
import { chainStore, type TextCall } from '../../statements/logs/chains.ts';
import type { Call, Statement } from '../connection/batch.ts';
import type { Connection } from '../connection/connection.ts';
import { isStale } from '../connection/failures.ts';
import { rowStatement } from '../connection/statements.ts';
import { mustWriteOne } from '../connection/write-row.ts';
import { settledReader } from './settled.ts';

const statements = new Map<string, Statement>();

function statementFor(text: string): Statement {
  const statement = statements.get(text) ?? rowStatement({ text, names: [] });
  statements.set(text, statement);
  return statement;
}

const callOf = ([text, ...values]: TextCall): Call => ({ statement: statementFor(text), values });

export function postgresChains(connection: Connection): ChainStore & LeaseStore {
  const { rows, write } = connection;
  const settled = {
    audit: settledReader(connection, 'audit'),
    event: settledReader(connection, 'event'),
  } as const satisfies Record<LogName, unknown>;
  return chainStore({
    /** Reads of one turn see the database at one moment. */
    read: (calls) =>
      Promise.all(calls.map(callOf).map(({ statement, values }) => rows(statement, ...values))),
    writeIf: async ([first, ...others]) => {
      if (first === undefined) return false;
      const [text, ...values] = first;
      try {
        await write([callOf([mustWriteOne({ text }).text, ...values]), ...others.map(callOf)]);
        return true;
      } catch (error) {
        if (isStale(error)) return false;
        throw error;
      }
    },
    settled: (log) => settled[log](),
  });
}
