/** What a mail says, with placeholders such as {{link}}. */
export type MailText = { readonly subject: string; readonly text: string; readonly html?: string };
