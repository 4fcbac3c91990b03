/** A mail in the words of an account: placeholders such as {{link}} are replaced when it is sent. */
export type MailTemplate = {
  readonly account: string;
  /** The kind of mail: a name in the table of kinds. */
  readonly kind: string;
  /** Of BCP 47: `en`, `pt-BR`. */
  readonly language: string;
  readonly subject: string;
  readonly text: string;
  readonly html?: string;
  /** Unix milliseconds. */
  readonly changedAt: number;
};

/** Which template: its account, kind and language. */
export type MailTemplateKey = Pick<MailTemplate, 'account' | 'kind' | 'language'>;

export interface MailStore {
  /** The templates of an account, by kind and language. */
  mailTemplates(account: string): Promise<readonly MailTemplate[]>;
  mailTemplate(key: MailTemplateKey): Promise<MailTemplate | undefined>;
  /** Creates the template, or writes over it. `full`: the account has `most` others already; nothing was changed. */
  putMailTemplate(template: MailTemplate, most: number): Promise<'saved' | 'full'>;
  deleteMailTemplate(key: MailTemplateKey): Promise<'deleted' | 'unknown'>;
}
