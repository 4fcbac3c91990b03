import type { Account, AccountStore } from '../ports/accounts.ts';
import type { ApiKey } from '../ports/api-keys.ts';
import type { BegunRequest } from '../ports/idempotency.ts';
import { type AccountRow, accountColumns, accountFromRow, accountToRow } from '../rows/accounts.ts';
import { apiKeyColumns, apiKeyToRow } from '../rows/api-keys.ts';
import { accountQueries } from '../statements/accounts.ts';
import { type Connection, prepareLazily } from './connection/connection.ts';
import { rowsOf } from './connection/read-rows.ts';
import { prepareInsert } from './connection/write-row.ts';
import { mustRecordWork } from './idempotency.ts';

export function sqliteAccounts(connection: Connection): AccountStore {
  const { prepareEach, read, readable, write } = connection;
  const statements = prepareEach(accountQueries);
  const writes = prepareLazily({
    insert: () => prepareInsert(connection, 'account', accountColumns, 'id'),
    insertKey: () => prepareInsert(connection, 'api_key', apiKeyColumns),
  });
  const recordWork = mustRecordWork(connection);
  const add = (account: Account, key?: ApiKey, request?: BegunRequest) => {
    if (!writes.insert(accountToRow(account))) return 'exists';
    if (key !== undefined) writes.insertKey(apiKeyToRow(key));
    recordWork(request, { id: account.id });
    return 'added';
  };
  return {
    accounts: () =>
      read(() => readable(rowsOf(statements.all), accountFromRow, ({ id }: AccountRow) => `account ${id}`)),
    addAccount: (...added) => write(() => add(...added)),
  };
}
