import { makeUnprintable } from '@esim-rsp/sgp22/crypto/secret';
import type { TransactionSecret } from '../ports/transaction-secrets.ts';
import type { Columns, Row } from './column-types.ts';

export const transactionSecretColumns = {
  number: 'integer',
  secret: 'secret bytes',
  /** Milliseconds. */
  begins_at: 'integer',
} as const satisfies Columns;
export type TransactionSecretRow = Row<typeof transactionSecretColumns>;

export function transactionSecretToRow({
  number,
  secret,
  beginsAt,
}: TransactionSecret): TransactionSecretRow {
  return { number, secret, begins_at: beginsAt };
}

export function transactionSecretFromRow(row: TransactionSecretRow): TransactionSecret {
  const { number, secret, begins_at: beginsAt } = row;
  return makeUnprintable('secret of transactions', { number, secret, beginsAt });
}
