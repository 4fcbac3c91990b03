import type { Alert, MailRecipient, StockLimit } from '../../ports/mail/alerts.ts';
import type { Columns, Row } from '../column-types.ts';

export const mailRecipientColumns = {
  account: 'text',
  address: 'text',
  /** Words with commas between them. */
  kinds: 'text',
  language: 'text',
  created_at: 'integer',
} as const satisfies Columns;
export type MailRecipientRow = Row<typeof mailRecipientColumns>;

export const alertColumns = {
  account: 'text',
  subject: 'text',
  level: 'integer',
  changed_at: 'integer',
} as const satisfies Columns;
export type AlertRow = Row<typeof alertColumns>;

export const stockLimitColumns = {
  account: 'text',
  profile_type: 'text',
  low_at: 'integer',
} as const satisfies Columns;
export type StockLimitRow = Row<typeof stockLimitColumns>;

export function mailRecipientFromRow(row: MailRecipientRow): MailRecipient {
  const { account, address, kinds, language, created_at: createdAt } = row;
  return { account, address, kinds: kinds.split(','), language, createdAt };
}

export function alertFromRow({ account, subject, level }: AlertRow): Alert {
  return { account, subject, level };
}

export function stockLimitFromRow(row: StockLimitRow): StockLimit {
  return { account: row.account, profileType: row.profile_type, lowAt: row.low_at };
}
