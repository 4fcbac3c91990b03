import { type MailPreview, mailKinds } from '@esim-rsp/sdk';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import { Argument, type Command } from 'commander';
import { valueBy } from '../values.ts';

/** A language such as de or pt-BR. */
export function mailLanguage(text: string): string {
  if (/^[a-z]{2,3}(-[A-Z]{2})?$/.test(text)) return text;
  throw new ValueError('a language such as en or pt-BR is expected');
}

/** Adds the arguments that name a text of mail. */
export function templateArguments(command: Command): Command {
  return command
    .addArgument(new Argument('<kind>', 'the kind of mail').choices(mailKinds))
    .argument('<language>', 'the language, such as de', valueBy(mailLanguage));
}

/** A mail as people read it. */
export function mailText({ subject, text, html }: MailPreview): string {
  return [
    `subject: ${subject}`,
    '',
    text.trimEnd(),
    ...(html === undefined ? [] : ['', html.trimEnd()]),
  ].join('\n');
}
