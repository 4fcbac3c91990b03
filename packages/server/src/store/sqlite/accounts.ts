import type { AccountStore } from '../ports/accounts.ts';
import { type AccountRow, accountColumns, accountFromRow, accountToRow } from '../rows/accounts.ts';
import { accountQueries } from '../statements/accounts.ts';
import { type Connection, prepareLazily } from './connection/connection.ts';
import { rowsOf } from './connection/read-rows.ts';
import { prepareInsert } from './connection/write-row.ts';

export function sqliteAccounts(connection: Connection): AccountStore {
  const { prepareEach, read, readable, write } = connection;
  const statements = prepareEach(accountQueries);
  const writes = prepareLazily({
    insert: () => prepareInsert(connection, 'account', accountColumns, 'id'),
  });
  return {
    accounts: () =>
      read(() => readable(rowsOf(statements.all), accountFromRow, ({ id }: AccountRow) => `account ${id}`)),
    addAccount: (account) => write(() => (writes.insert(accountToRow(account)) ? 'added' : 'exists')),
  };
}
