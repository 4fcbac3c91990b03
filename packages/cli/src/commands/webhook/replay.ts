import type { Command } from 'commander';
import { examples } from '../../command.ts';
import { askApi } from '../../rest/ask-api.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';
import { afterAttempt, showDelivery } from '../../rest/settled-delivery.ts';
import { webhookId } from '../../rest/webhook-text.ts';
import { numberFrom, valueBy } from '../../values.ts';

/** `esim webhook replay`: sends a message again and prints whether it arrived. */
export function configure(command: Command): void {
  restOptions(command)
    .argument('<id>', 'the webhook', valueBy(webhookId))
    .argument('<delivery>', 'number of the delivery', numberFrom(1, 999_999_999))
    .action(replay);
  examples(command, { 'esim webhook replay we_5b1f0c3a9d2e47f86a1b0c2d 17': 'send delivery 17 again' });
}

async function replay(id: string, deliveryId: number, options: RestOptions): Promise<void> {
  const delivery = await askApi(options, async (api) =>
    afterAttempt((await api.replayWebhookDelivery(id, deliveryId)).data, (query) =>
      api.listWebhookDeliveries(id, query),
    ),
  );
  showDelivery(options, delivery);
}
