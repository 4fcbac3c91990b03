import type { Command } from 'commander';
import { examples } from '../../command.ts';
import { fields, show } from '../../output.ts';
import { askApi } from '../../rest/ask-api.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';
import { webhookFields, webhookId } from '../../rest/webhook-text.ts';
import { valueBy } from '../../values.ts';

/** `esim webhook show`: shows a webhook without its secret. */
export function configure(command: Command): void {
  restOptions(command).argument('<id>', 'the webhook', valueBy(webhookId)).action(showWebhook);
  examples(command, {
    'esim webhook show we_5b1f0c3a9d2e47f86a1b0c2d': 'its events and its condition',
  });
}

async function showWebhook(id: string, options: RestOptions): Promise<void> {
  const { data } = await askApi(options, (api) => api.getWebhook(id));
  show(options, data, fields(webhookFields(data)));
}
