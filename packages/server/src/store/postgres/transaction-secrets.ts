import type { TransactionSecretStore } from '../ports/transaction-secrets.ts';
import {
  type TransactionSecretRow,
  transactionSecretColumns,
  transactionSecretFromRow,
  transactionSecretToRow,
} from '../rows/transaction-secrets.ts';
import { transactionSecretQueries } from '../statements/transaction-secrets.ts';
import type { Connection } from './connection/connection.ts';
import { statementsOf } from './connection/statements.ts';
import { insertCall } from './connection/write-row.ts';

const statements = statementsOf(transactionSecretQueries);
const insert = insertCall('transaction_secret', transactionSecretColumns, 'number');

export function postgresTransactionSecrets({ rows, write, inOrder }: Connection): TransactionSecretStore {
  return {
    transactionSecrets: async () =>
      ((await rows(statements.all)) as TransactionSecretRow[]).map(transactionSecretFromRow),
    addTransactionSecret: async (secret, keep) => {
      const deleteOld = { statement: statements.deleteUpTo, values: [secret.number - keep] };
      await inOrder(['transaction_secret'], () => write([insert(transactionSecretToRow(secret)), deleteOld]));
    },
  };
}
