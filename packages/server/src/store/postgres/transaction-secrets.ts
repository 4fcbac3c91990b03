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
const nameOf = ({ number }: TransactionSecretRow) => `transaction_secret ${number}`;
const insert = insertCall('transaction_secret', transactionSecretColumns, 'number');

export function postgresTransactionSecrets({
  opened,
  rows,
  readable,
  write,
  inOrder,
}: Connection): TransactionSecretStore {
  const secretFrom = opened('transaction_secret', transactionSecretFromRow);
  const secretsIn = (found: readonly unknown[]) => readable(found, secretFrom, nameOf);
  return {
    transactionSecrets: async () => secretsIn(await rows(statements.all)),
    addTransactionSecret: async (secret, keep) => {
      const { number } = secret;
      const hasNumber = (other: { readonly number: number }) => other.number === number;
      await inOrder(['transaction_secret'], async () => {
        const found = (await rows(statements.all)) as TransactionSecretRow[];
        const isUnreadable = found.some(hasNumber) && !secretsIn(found).some(hasNumber);
        await write([
          ...(isUnreadable ? [{ statement: statements.delete, values: [number] }] : []),
          insert(transactionSecretToRow(secret)),
          { statement: statements.deleteUpTo, values: [number - keep] },
        ]);
      });
    },
  };
}
