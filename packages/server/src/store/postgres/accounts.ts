import type { AccountStore } from '../ports/accounts.ts';
import { type AccountRow, accountColumns, accountFromRow, accountToRow } from '../rows/accounts.ts';
import { accountQueries } from '../statements/accounts.ts';
import type { Connection } from './connection/connection.ts';
import { statementsOf } from './connection/statements.ts';
import { insertCall } from './connection/write-row.ts';

const statements = statementsOf(accountQueries);
const insert = insertCall('account', accountColumns, 'id');
const nameOf = ({ id }: AccountRow) => `account ${id}`;

export function postgresAccounts({ rows, readable, write, inOrder }: Connection): AccountStore {
  return {
    accounts: async () => readable(await rows(statements.all), accountFromRow, nameOf),
    addAccount: async (account) => {
      const [inserted] = await inOrder([`account ${account.id}`], () =>
        write([insert(accountToRow(account))]),
      );
      return inserted?.changes === 1 ? 'added' : 'exists';
    },
  };
}
