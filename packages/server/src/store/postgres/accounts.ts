import type { AccountStore } from '../ports/accounts.ts';
import { type AccountRow, accountColumns, accountFromRow, accountToRow } from '../rows/accounts.ts';
import { accountQueries } from '../statements/accounts.ts';
import type { Connection } from './connection/connection.ts';
import { statementsOf } from './connection/statements.ts';
import { insertCall } from './connection/write-row.ts';
import { asWorkOf, recordWork } from './idempotency.ts';

const statements = statementsOf(accountQueries);
const insert = insertCall('account', accountColumns, 'id');
const nameOf = ({ id }: AccountRow) => `account ${id}`;

export function postgresAccounts({ rows, readable, transaction, inOrder }: Connection): AccountStore {
  return {
    accounts: async () => readable(await rows(statements.all), accountFromRow, nameOf),
    addAccount: (account, request) => {
      const add = () =>
        transaction(async (session) => {
          const [inserted] = await session.run([insert(accountToRow(account))]);
          if (inserted?.changes !== 1) return 'exists';
          if (request !== undefined) await session.run(recordWork(request, { id: account.id }));
          return 'added';
        });
      return asWorkOf(request, () => inOrder([`account ${account.id}`], add));
    },
  };
}
