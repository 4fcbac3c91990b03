import type { Command } from 'commander';
import { examples } from '../../../command.ts';
import { show } from '../../../output.ts';
import { askApi } from '../../../rest/ask-api.ts';
import { type RestOptions, restOptions } from '../../../rest/options.ts';

/** `esim mail recipient delete`: sends no more alerts to a mail address. */
export function configure(command: Command): void {
  restOptions(command).argument('<address>', 'the mail address').action(deleteRecipient);
  examples(command, { 'esim mail recipient delete anna@example.com': 'no more alerts for Anna' });
}

async function deleteRecipient(address: string, options: RestOptions): Promise<void> {
  await askApi(options, (api) => api.deleteMailRecipient(address));
  show(options, { deleted: address }, `${address} gets no more alerts of this account.`);
}
