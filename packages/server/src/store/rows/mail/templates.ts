import type { MailTemplate } from '../../ports/mail/mail.ts';
import type { Columns, Row } from '../column-types.ts';

export const mailTemplateColumns = {
  account: 'text',
  kind: 'text',
  language: 'text',
  subject: 'text',
  text: 'text',
  html: 'text?',
  changed_at: 'integer',
} as const satisfies Columns;
export type MailTemplateRow = Row<typeof mailTemplateColumns>;

export function mailTemplateFromRow(row: MailTemplateRow): MailTemplate {
  const { account, kind, language, subject, text, html, changed_at: changedAt } = row;
  return { account, kind, language, subject, text, ...(html !== null && { html }), changedAt };
}
