import type { TransactionSecretStore } from '../ports/transaction-secrets.ts';
import {
  type TransactionSecretRow,
  transactionSecretColumns,
  transactionSecretFromRow,
  transactionSecretToRow,
} from '../rows/transaction-secrets.ts';
import { type Connection, prepareLazily } from './connection/connection.ts';
import { prepareInsert } from './connection/write-row.ts';

export function sqliteTransactionSecrets(connection: Connection): TransactionSecretStore {
  const { db, kysely, prepare, read, write } = connection;
  const statements = prepareLazily({
    all: () => prepare(kysely.selectFrom('transaction_secret').selectAll().orderBy('number')),
    insert: () => prepareInsert(db, 'transaction_secret', transactionSecretColumns, 'number'),
    deleteUpTo: () => prepare(kysely.deleteFrom('transaction_secret').where('number', '<=', 0)),
  });
  return {
    transactionSecrets: () =>
      read(() => (statements.all.all() as TransactionSecretRow[]).map(transactionSecretFromRow)),
    addTransactionSecret: (secret, keep) =>
      write(() => {
        statements.insert(transactionSecretToRow(secret));
        statements.deleteUpTo.run(secret.number - keep);
      }),
  };
}
