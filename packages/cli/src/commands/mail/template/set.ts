import type { MailTemplate } from '@esim-rsp/sdk';
import type { Command } from 'commander';
import { examples } from '../../../command.ts';
import { show } from '../../../output.ts';
import { askApi } from '../../../rest/ask-api.ts';
import { templateArguments } from '../../../rest/mail-text.ts';
import { type RestOptions, restOptions } from '../../../rest/options.ts';
import { contentOf } from '../../../rest/parameters.ts';

type Options = RestOptions & {
  readonly subject: string;
  readonly text: string;
  readonly html?: string;
};

/** `esim mail template set`: writes the text of a kind of mail. */
export function configure(command: Command): void {
  templateArguments(restOptions(command))
    .requiredOption('--subject <text>', 'the subject, with placeholders such as {{account}}')
    .requiredOption('--text <file>', 'file with the plain text; - for stdin')
    .option('--html <file>', 'file with the text in HTML')
    .action(set);
  examples(command, {
    "esim mail template set test de --subject 'Test von {{account}}' --text test.txt":
      'test mails in your own German',
  });
}

async function set(
  kind: MailTemplate['kind'],
  language: string,
  { subject, text, html, ...options }: Options,
): Promise<void> {
  const request = {
    subject,
    text: (await contentOf(text)).toString('utf8'),
    ...(html !== undefined && { html: (await contentOf(html)).toString('utf8') }),
  };
  const { data } = await askApi(options, (api) => api.putMailTemplate(kind, language, request));
  show(options, data, `Mail of the kind ${kind} in ${language} has your text now.`);
}
