import type { TransactionSecretStore } from '../ports/transaction-secrets.ts';
import {
  type TransactionSecretRow,
  transactionSecretColumns,
  transactionSecretFromRow,
  transactionSecretToRow,
} from '../rows/transaction-secrets.ts';
import { type Connection, prepareLazily } from './connection/connection.ts';
import { rowsOf } from './connection/read-rows.ts';
import { prepareInsert } from './connection/write-row.ts';

export function sqliteTransactionSecrets(connection: Connection): TransactionSecretStore {
  const { db, kysely, prepare, read, readable, write } = connection;
  const statements = prepareLazily({
    all: () => prepare(kysely.selectFrom('transaction_secret').selectAll().orderBy('number')),
    insert: () => prepareInsert(db, 'transaction_secret', transactionSecretColumns, 'number'),
    delete: () => prepare(kysely.deleteFrom('transaction_secret').where('number', '=', 0)),
    deleteUpTo: () => prepare(kysely.deleteFrom('transaction_secret').where('number', '<=', 0)),
  });
  const all = () =>
    readable(
      rowsOf(statements.all),
      transactionSecretFromRow,
      ({ number }: TransactionSecretRow) => `transaction_secret ${number}`,
    );
  return {
    transactionSecrets: () => read(all),
    addTransactionSecret: (secret, keep) =>
      write(() => {
        if (!all().some(({ number }) => number === secret.number)) statements.delete.run(secret.number); // unreadable
        statements.insert(transactionSecretToRow(secret));
        statements.deleteUpTo.run(secret.number - keep);
      }),
  };
}
