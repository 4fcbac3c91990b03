import type { TextCall, TextEngine } from '../../statements/text-call.ts';
import type { Call, Statement } from './batch.ts';
import type { Connection } from './connection.ts';
import { isStale } from './failures.ts';
import { rowStatement } from './statements.ts';
import { mustWriteOne } from './write-row.ts';

const statements = new Map<string, Statement>();

function statementFor(text: string): Statement {
  const statement = statements.get(text) ?? rowStatement({ text, names: [] });
  statements.set(text, statement);
  return statement;
}

const callOf = ([text, ...values]: TextCall): Call => ({ statement: statementFor(text), values });

export function textEngine({ rows, write }: Connection): TextEngine {
  return {
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
  };
}
