import type { MailTemplate } from '@esim-rsp/sdk';
import type { Command } from 'commander';
import { examples } from '../../../command.ts';
import { show } from '../../../output.ts';
import { askApi } from '../../../rest/ask-api.ts';
import { templateArguments } from '../../../rest/mail-text.ts';
import { type RestOptions, restOptions } from '../../../rest/options.ts';

/** `esim mail template reset`: deletes the text of the account. */
export function configure(command: Command): void {
  templateArguments(restOptions(command)).action(reset);
  examples(command, { 'esim mail template reset test de': 'use the text of the server again' });
}

async function reset(kind: MailTemplate['kind'], language: string, options: RestOptions): Promise<void> {
  await askApi(options, (api) => api.deleteMailTemplate(kind, language));
  show(
    options,
    { deleted: kind, language },
    `Mail of the kind ${kind} in ${language} has the text of the server again.`,
  );
}
