import type { MailStore } from '../ports/mail/mail.ts';
import { type MailTemplateRow, mailTemplateFromRow } from '../rows/mail/templates.ts';
import type { TextEngine } from './text-call.ts';

const OF_KEY = 'account = ? and kind = ? and language = ?';
const TEMPLATES = 'select * from mail_template where account = ? order by kind, language';
const TEMPLATE = `select * from mail_template where ${OF_KEY}`;
const PUT_TEMPLATE = `insert into mail_template (account, kind, language, subject, text, html, changed_at)
  select ?, ?, ?, ?, ?, ?, cast(? as bigint) where (select count(*) from mail_template where account = ? and not (kind = ? and language = ?)) < cast(? as bigint)
  on conflict (account, kind, language)
  do update set subject = excluded.subject, text = excluded.text, html = excluded.html, changed_at = excluded.changed_at`;
const DELETE_TEMPLATE = `delete from mail_template where ${OF_KEY}`;

/** The same statements on every engine. */
export function mailStore({ read, writeIf }: TextEngine): MailStore {
  const templates = async (...call: Parameters<TextEngine['read']>[0][number]) => {
    const [rows = []] = await read([call]);
    return rows.map((row) => mailTemplateFromRow(row as MailTemplateRow));
  };
  return {
    mailTemplates: (account) => templates(TEMPLATES, account),
    mailTemplate: async ({ account, kind, language }) =>
      (await templates(TEMPLATE, account, kind, language))[0],
    putMailTemplate: async ({ account, kind, language, subject, text, html, changedAt }, most) => {
      const row = [account, kind, language, subject, text, html ?? null, changedAt] as const;
      const isSaved = await writeIf([[PUT_TEMPLATE, ...row, account, kind, language, most]]);
      return isSaved ? 'saved' : 'full';
    },
    deleteMailTemplate: async ({ account, kind, language }) =>
      (await writeIf([[DELETE_TEMPLATE, account, kind, language]])) ? 'deleted' : 'unknown',
  };
}
