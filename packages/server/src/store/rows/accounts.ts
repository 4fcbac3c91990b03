import type { Account } from '../ports/accounts.ts';
import type { Columns, Row } from './column-types.ts';

export const accountColumns = {
  id: 'text',
  name: 'text',
  created_at: 'integer',
} as const satisfies Columns;
export type AccountRow = Row<typeof accountColumns>;

export function accountToRow({ id, name, createdAt }: Account): AccountRow {
  return { id, name, created_at: createdAt };
}

export function accountFromRow({ id, name, created_at }: AccountRow): Account {
  return { id, name, createdAt: created_at };
}
