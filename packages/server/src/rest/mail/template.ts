import { exampleValues, type MailKind, mailKinds } from '../../delivery/mail/kinds.ts';
import type { MailText } from '../../delivery/mail/mail-text.ts';
import { ownText, templateFor } from '../../delivery/mail/templates.ts';
import { timeOf } from '../../shapes/time.ts';
import type { MailStore, MailTemplateKey } from '../../store/ports/mail/mail.ts';
import type { MailTemplate } from './shapes.ts';

/** A template in an answer. `changedAt`: the account wrote it. */
export function templateResponse(
  kind: MailKind,
  language: string,
  { subject, text, html, changedAt }: MailText & { readonly changedAt?: number },
): MailTemplate {
  const { about, placeholders } = mailKinds[kind];
  return {
    ...{ kind, about, language, subject, text },
    ...(html !== undefined && { html }),
    is_own: changedAt !== undefined,
    ...(changedAt !== undefined && { changed_at: timeOf(changedAt) }),
    placeholders: Object.entries(placeholders).map(([name, { about, example }]) => ({
      name,
      about,
      example,
    })),
  };
}

type Key = MailTemplateKey & { readonly kind: MailKind };

/** The template of exactly this language: the account's, or ours. undefined: there is none. */
export async function exactTemplate(
  store: Pick<MailStore, 'mailTemplate'>,
  key: Key,
): Promise<(MailText & { readonly changedAt?: number }) | undefined> {
  return (await store.mailTemplate(key)) ?? ownText(mailKinds[key.kind], key.language);
}

/** The text that a mail in this language has. Every kind has one in English. */
export async function textInUse(store: Pick<MailStore, 'mailTemplate'>, key: Key): Promise<MailText> {
  return (await templateFor(store, key)) ?? mailKinds[key.kind].texts.en;
}

/** The values of a preview. */
export function previewValues(kind: MailKind) {
  return exampleValues(mailKinds[kind]);
}
