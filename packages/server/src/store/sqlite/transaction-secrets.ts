import type { TransactionSecretStore } from '../ports/transaction-secrets.ts';
import {
  type TransactionSecretRow,
  transactionSecretColumns,
  transactionSecretFromRow,
  transactionSecretToRow,
} from '../rows/transaction-secrets.ts';
import { transactionSecretQueries } from '../statements/transaction-secrets.ts';
import { type Connection, prepareLazily } from './connection/connection.ts';
import { rowsOf } from './connection/read-rows.ts';
import { prepareInsert } from './connection/write-row.ts';

export function sqliteTransactionSecrets(connection: Connection): TransactionSecretStore {
  const { opened, read, readable, write } = connection;
  const statements = connection.prepareEach(transactionSecretQueries);
  const writes = prepareLazily({
    insert: () => prepareInsert(connection, 'transaction_secret', transactionSecretColumns, 'number'),
  });
  const secretFrom = opened('transaction_secret', transactionSecretFromRow);
  const all = () =>
    readable(
      rowsOf(statements.all),
      secretFrom,
      ({ number }: TransactionSecretRow) => `transaction_secret ${number}`,
    );
  return {
    transactionSecrets: () => read(all),
    addTransactionSecret: (secret, keep) =>
      write(() => {
        if (!all().some(({ number }) => number === secret.number)) statements.delete.run(secret.number); // unreadable
        writes.insert(transactionSecretToRow(secret));
        statements.deleteUpTo.run(secret.number - keep);
      }),
  };
}
