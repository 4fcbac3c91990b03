import type { RefusedCallStore } from '../ports/refused-calls.ts';
import {
  type RefusedCallRow,
  refusedCallColumns,
  refusedCallFromRow,
  refusedCallToRow,
} from '../rows/refused-calls.ts';
import { type Connection, prepareLazily } from './connection/connection.ts';
import { rowsOf } from './connection/read-rows.ts';
import { prepareInsert } from './connection/write-row.ts';

export function sqliteRefusedCalls(connection: Connection): RefusedCallStore {
  const { db, kysely, prepare, read, readable, write } = connection;
  const calls = () => kysely.selectFrom('refused_call').orderBy('id', 'desc').limit(1);
  const statements = prepareLazily({
    insert: () => prepareInsert(db, 'refused_call', refusedCallColumns),
    newest: () => prepare(calls().selectAll()),
    ofTransaction: () => prepare(calls().clearLimit().selectAll().where('transaction_id', '=', '')),
    deleteOld: () =>
      prepare(kysely.deleteFrom('refused_call').where('id', '<=', calls().select('id').offset(1))),
  });
  const callsOf = (rows: readonly unknown[]) =>
    readable(rows, refusedCallFromRow, ({ id }: RefusedCallRow) => `refused_call ${id}`);
  return {
    addRefusedCalls: (added, keep) =>
      write(() => {
        for (const call of added) statements.insert(refusedCallToRow(call));
        statements.deleteOld.run(1, keep);
      }),
    refusedCalls: (count) => read(() => callsOf(rowsOf(statements.newest, count))),
    refusedCallsOf: (transactionId) => read(() => callsOf(rowsOf(statements.ofTransaction, transactionId))),
  };
}
