import type { Command } from 'commander';
import { examples } from '../../command.ts';
import { askApi } from '../../rest/ask-api.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';
import { afterAttempt, showDelivery } from '../../rest/settled-delivery.ts';
import { webhookId } from '../../rest/webhook-text.ts';
import { valueBy } from '../../values.ts';

/** `esim webhook test`: sends a test message and prints whether it arrived. */
export function configure(command: Command): void {
  restOptions(command).argument('<id>', 'the webhook', valueBy(webhookId)).action(test);
  examples(command, { 'esim webhook test we_5b1f0c3a9d2e47f86a1b0c2d': 'send a webhook.test message' });
}

async function test(id: string, options: RestOptions): Promise<void> {
  const delivery = await askApi(options, async (api) =>
    afterAttempt((await api.testWebhook(id)).data, (query) => api.listWebhookDeliveries(id, query)),
  );
  showDelivery(options, delivery);
}
