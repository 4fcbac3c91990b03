import type { AccountStore } from '../ports/accounts.ts';
import { type AccountRow, accountColumns, accountFromRow, accountToRow } from '../rows/accounts.ts';
import { type Connection, prepareLazily } from './connection/connection.ts';
import { rowsOf } from './connection/read-rows.ts';
import { prepareInsert } from './connection/write-row.ts';

export function sqliteAccounts({ db, kysely, prepare, read, readable, write }: Connection): AccountStore {
  const statements = prepareLazily({
    all: () => prepare(kysely.selectFrom('account').selectAll().orderBy('created_at').orderBy('id')),
    insert: () => prepareInsert(db, 'account', accountColumns, 'id'),
  });
  return {
    accounts: () =>
      read(() => readable(rowsOf(statements.all), accountFromRow, ({ id }: AccountRow) => `account ${id}`)),
    addAccount: (account) => write(() => (statements.insert(accountToRow(account)) ? 'added' : 'exists')),
  };
}
