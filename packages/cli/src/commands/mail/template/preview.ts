import type { MailTemplate } from '@esim-rsp/sdk';
import type { Command } from 'commander';
import { examples } from '../../../command.ts';
import { show } from '../../../output.ts';
import { askApi } from '../../../rest/ask-api.ts';
import { mailText, templateArguments } from '../../../rest/mail-text.ts';
import { type RestOptions, restOptions } from '../../../rest/options.ts';
import { contentOf } from '../../../rest/parameters.ts';

type Options = RestOptions & { readonly subject?: string; readonly text?: string; readonly html?: string };

/** `esim mail template preview`: shows a mail with example values. */
export function configure(command: Command): void {
  templateArguments(restOptions(command))
    .option('--subject <text>', 'another subject than that of the template')
    .option('--text <file>', 'file with another plain text; - for stdin')
    .option('--html <file>', 'file with another text in HTML')
    .action(preview);
  examples(command, {
    'esim mail template preview test de': 'the German text of test mails, with example values',
    'esim mail template preview test de --text new.txt': 'a text before you write it',
  });
}

async function preview(
  kind: MailTemplate['kind'],
  language: string,
  { subject, text, html, ...options }: Options,
): Promise<void> {
  const request = {
    ...(subject !== undefined && { subject }),
    ...(text !== undefined && { text: (await contentOf(text)).toString('utf8') }),
    ...(html !== undefined && { html: (await contentOf(html)).toString('utf8') }),
  };
  const { data } = await askApi(options, (api) => api.previewMailTemplate(kind, language, request));
  show(options, data, mailText(data));
}
