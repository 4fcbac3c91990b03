import type { AccountStore } from '../ports/accounts.ts';
import { type AccountRow, accountColumns, accountFromRow, accountToRow } from '../rows/accounts.ts';
import { apiKeyColumns, apiKeyToRow } from '../rows/api-keys.ts';
import { accountQueries } from '../statements/accounts.ts';
import type { Connection } from './connection/connection.ts';
import { statementsOf } from './connection/statements.ts';
import { insertCall } from './connection/write-row.ts';
import { asWorkOf, recordWork } from './idempotency.ts';

const statements = statementsOf(accountQueries);
const insert = insertCall('account', accountColumns, 'id');
const insertKey = insertCall('api_key', apiKeyColumns);
const nameOf = ({ id }: AccountRow) => `account ${id}`;

export function postgresAccounts({ rows, readable, transaction, inOrder }: Connection): AccountStore {
  return {
    accounts: async () => readable(await rows(statements.all), accountFromRow, nameOf),
    addAccount: (account, key, request) => {
      const add = () =>
        transaction(async (session) => {
          const [inserted] = await session.run([insert(accountToRow(account))]);
          if (inserted?.changes !== 1) return 'exists';
          const keys = key === undefined ? [] : [insertKey(apiKeyToRow(key))];
          await session.run([...keys, ...recordWork(request, { id: account.id })]);
          return 'added';
        });
      return asWorkOf(request, () => inOrder([`account ${account.id}`], add));
    },
  };
}
