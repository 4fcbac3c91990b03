import type { AccountStore } from '../ports/accounts.ts';
import { type AccountRow, accountColumns, accountFromRow, accountToRow } from '../rows/accounts.ts';
import { type Connection, prepareLazily } from './connection/connection.ts';
import { prepareInsert } from './connection/write-row.ts';

export function sqliteAccounts({ db, kysely, prepare, read, write }: Connection): AccountStore {
  const statements = prepareLazily({
    all: () => prepare(kysely.selectFrom('account').selectAll().orderBy('created_at').orderBy('id')),
    insert: () => prepareInsert(db, 'account', accountColumns, 'id'),
  });
  return {
    accounts: () => read(() => (statements.all.all() as AccountRow[]).map(accountFromRow)),
    addAccount: (account) => write(() => (statements.insert(accountToRow(account)) ? 'added' : 'exists')),
  };
}
