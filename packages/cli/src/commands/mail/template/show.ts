import type { MailTemplate } from '@esim-rsp/sdk';
import type { Command } from 'commander';
import { examples } from '../../../command.ts';
import { fields, show } from '../../../output.ts';
import { askApi } from '../../../rest/ask-api.ts';
import { mailText, templateArguments } from '../../../rest/mail-text.ts';
import { type RestOptions, restOptions } from '../../../rest/options.ts';

/** `esim mail template show`: shows the text of a kind of mail and its placeholders. */
export function configure(command: Command): void {
  templateArguments(restOptions(command)).action(showTemplate);
  examples(command, { 'esim mail template show test de': 'the German text of test mails' });
}

async function showTemplate(
  kind: MailTemplate['kind'],
  language: string,
  options: RestOptions,
): Promise<void> {
  const { data } = await askApi(options, (api) => api.getMailTemplate(kind, language));
  const head: [string, string][] = [
    ['kind', data.kind],
    ['about', data.about],
    ['language', data.language],
    ['written by', data.changed_at === undefined ? 'the server' : `you, at ${data.changed_at}`],
    ...data.placeholders.map(({ name, about }): [string, string] => [`{{${name}}}`, about]),
  ];
  show(options, data, `${fields(head)}\n\n${mailText(data)}`);
}
