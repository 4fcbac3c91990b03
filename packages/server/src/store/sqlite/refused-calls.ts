import type { SQLInputValue, StatementSync } from 'node:sqlite';
import type { RefusedCallFilter, RefusedCallStore } from '../ports/refused-calls.ts';
import {
  type RefusedCallRow,
  refusedCallColumns,
  refusedCallFromRow,
  refusedCallToRow,
} from '../rows/refused-calls.ts';
import { refusedCallQueries, searchRefusedCalls } from '../statements/refused-calls.ts';
import { type Connection, prepareLazily } from './connection/connection.ts';
import { rowsOf } from './connection/read-rows.ts';
import { prepareInsert } from './connection/write-row.ts';

export function sqliteRefusedCalls(connection: Connection): RefusedCallStore {
  const { kysely, prepare, read, readable, write } = connection;
  const queries = new Map<string, StatementSync>();
  const statements = connection.prepareEach(refusedCallQueries);
  const writes = prepareLazily({
    insert: () => prepareInsert(connection, 'refused_call', refusedCallColumns),
  });
  const callsOf = (rows: readonly unknown[]) =>
    readable(rows, refusedCallFromRow, ({ id }: RefusedCallRow) => `refused_call ${id}`);
  const search = (filter: RefusedCallFilter) => {
    const query = searchRefusedCalls(kysely, filter);
    const { sql: text, parameters } = query.compile();
    const statement = queries.get(text) ?? prepare(query);
    queries.set(text, statement); // one for each set of filters
    return callsOf(rowsOf(statement, ...(parameters as SQLInputValue[])));
  };
  return {
    addRefusedCalls: (added, keep) =>
      write(() => {
        for (const call of added) writes.insert(refusedCallToRow(call));
        statements.deleteOld.run(1, keep);
      }),
    refusedCalls: (filter) => read(() => search(filter)),
    refusedCallsOf: (transactionId) => read(() => callsOf(rowsOf(statements.ofTransaction, transactionId))),
  };
}
