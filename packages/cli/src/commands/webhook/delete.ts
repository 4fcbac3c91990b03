import type { Command } from 'commander';
import { examples } from '../../command.ts';
import { show } from '../../output.ts';
import { askApi } from '../../rest/ask-api.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';
import { webhookId } from '../../rest/webhook-text.ts';
import { valueBy } from '../../values.ts';

/** `esim webhook delete`: deletes a webhook and its log. */
export function configure(command: Command): void {
  restOptions(command).argument('<id>', 'the webhook', valueBy(webhookId)).action(deleteWebhook);
  examples(command, { 'esim webhook delete we_5b1f0c3a9d2e47f86a1b0c2d': 'delete the webhook and its log' });
}

async function deleteWebhook(id: string, options: RestOptions): Promise<void> {
  await askApi(options, (api) => api.deleteWebhook(id));
  show(options, { deleted: id }, `The webhook ${id} is deleted.`);
}
