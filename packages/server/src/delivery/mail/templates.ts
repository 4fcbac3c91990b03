import type { MailStore } from '../../store/ports/mail/mail.ts';
import { type MailKindRow, mailKindRow } from './kinds.ts';
import type { MailText } from './mail-text.ts';

/** Our own text of a kind; undefined: there is none in this language. */
export function ownText({ texts }: MailKindRow, language: string): MailText | undefined {
  return Object.hasOwn(texts, language) ? texts[language] : undefined;
}

/** The languages to try, the best first: `de-AT` is served by `de`, and every language by English. */
function languagesFor(language: string): readonly string[] {
  return [...new Set([language, language.split('-')[0] ?? language, 'en'])];
}

/** The template of an account for a kind and a language: its own one before ours, in the best language that there is. */
export async function templateFor(
  store: Pick<MailStore, 'mailTemplate'>,
  { account, kind, language }: { readonly account: string; readonly kind: string; readonly language: string },
): Promise<MailText | undefined> {
  const row = mailKindRow(kind);
  for (const one of row === undefined ? [] : languagesFor(language)) {
    const text = (await store.mailTemplate({ account, kind, language: one })) ?? (row && ownText(row, one));
    if (text !== undefined) return text;
  }
  return undefined;
}
