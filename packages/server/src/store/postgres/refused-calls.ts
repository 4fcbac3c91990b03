import type { RefusedCallStore } from '../ports/refused-calls.ts';
import {
  type RefusedCallRow,
  refusedCallColumns,
  refusedCallFromRow,
  refusedCallToRow,
} from '../rows/refused-calls.ts';
import { refusedCallQueries, searchRefusedCalls } from '../statements/refused-calls.ts';
import type { Connection } from './connection/connection.ts';
import { builder, statement, statementsOf } from './connection/statements.ts';
import { insertCall } from './connection/write-row.ts';

const statements = statementsOf(refusedCallQueries);
const insert = insertCall('refused_call', refusedCallColumns);
const nameOf = ({ id }: RefusedCallRow) => `refused_call ${id}`;

export function postgresRefusedCalls({ rows, rowsAlone, readable, write }: Connection): RefusedCallStore {
  const callsIn = (found: readonly unknown[]) => readable(found, refusedCallFromRow, nameOf);
  return {
    addRefusedCalls: async (added, keep) => {
      const inserts = added.map((call) => insert(refusedCallToRow(call)));
      await write([...inserts, { statement: statements.deleteOld, values: [1, keep] }]);
    },
    refusedCalls: async (filter) => {
      const query = searchRefusedCalls(builder, filter).compile();
      return callsIn(await rowsAlone(statement({ compile: () => query }), ...query.parameters));
    },
    refusedCallsOf: async (transactionId) => callsIn(await rows(statements.ofTransaction, transactionId)),
  };
}
