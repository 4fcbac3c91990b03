import type { SQLInputValue, StatementSync } from 'node:sqlite';
import type { RefusedCallFilter, RefusedCallStore } from '../ports/refused-calls.ts';
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
  const queries = new Map<string, StatementSync>();
  const calls = () => kysely.selectFrom('refused_call').orderBy('id', 'desc').limit(1);
  const statements = prepareLazily({
    insert: () => prepareInsert(db, 'refused_call', refusedCallColumns),
    ofTransaction: () => prepare(calls().clearLimit().selectAll().where('transaction_id', '=', '')),
    deleteOld: () =>
      prepare(kysely.deleteFrom('refused_call').where('id', '<=', calls().select('id').offset(1))),
  });
  const callsOf = (rows: readonly unknown[]) =>
    readable(rows, refusedCallFromRow, ({ id }: RefusedCallRow) => `refused_call ${id}`);
  const search = (filter: RefusedCallFilter) => {
    const query = searchQuery(kysely, filter);
    const { sql: text, parameters } = query.compile();
    const statement = queries.get(text) ?? prepare(query);
    queries.set(text, statement); // one for each set of filters
    return callsOf(rowsOf(statement, ...(parameters as SQLInputValue[])));
  };
  return {
    addRefusedCalls: (added, keep) =>
      write(() => {
        for (const call of added) statements.insert(refusedCallToRow(call));
        statements.deleteOld.run(1, keep);
      }),
    refusedCalls: (filter) => read(() => search(filter)),
    refusedCallsOf: (transactionId) => read(() => callsOf(rowsOf(statements.ofTransaction, transactionId))),
  };
}

function searchQuery(kysely: Connection['kysely'], filter: RefusedCallFilter) {
  const { account = '', iccid = '', eid = '', reason = '/', since = 0, count } = filter;
  const [subject = '', code = ''] = reason.split('/');
  const isOwned = filter.account !== undefined;
  return kysely
    .selectFrom('refused_call')
    .selectAll()
    .$if(filter.iccid !== undefined, (query) => query.where('claimed_iccid', '=', iccid))
    .$if(filter.iccid !== undefined && isOwned, (query) =>
      query.where(({ exists, selectFrom }) =>
        exists(
          selectFrom('profile')
            .select('profile.iccid')
            .where('profile.account', '=', account)
            .whereRef('profile.iccid', '=', 'refused_call.claimed_iccid'),
        ),
      ),
    )
    .$if(filter.eid !== undefined, (query) => query.where('claimed_eid', '=', eid))
    .$if(filter.eid !== undefined && isOwned, (query) =>
      query.where(({ exists, selectFrom }) => {
        const own = selectFrom('profile').select('profile.iccid').where('profile.account', '=', account);
        return exists(
          own.where(({ or, eb, ref }) =>
            or([
              eb('profile.iccid', '=', ref('refused_call.claimed_iccid')),
              eb('profile.eid', '=', ref('refused_call.claimed_eid')),
            ]),
          ),
        );
      }),
    )
    .$if(filter.reason !== undefined, (query) =>
      query.where('subject_code', '=', subject).where('reason_code', '=', code),
    )
    .$if(filter.since !== undefined, (query) => query.where('at', '>=', since))
    .orderBy('id', 'desc')
    .limit(count);
}
