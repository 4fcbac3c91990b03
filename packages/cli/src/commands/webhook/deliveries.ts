import { type WebhookDeliveryState, webhookDeliveryStates } from '@esim-rsp/sdk';
import type { Command } from 'commander';
import { examples } from '../../command.ts';
import { type DeliveryOptions, deliveryOptions, showDeliveries } from '../../rest/delivery-list.ts';
import { webhookId } from '../../rest/webhook-text.ts';
import { valueBy } from '../../values.ts';

/** `esim webhook deliveries`: lists the messages of a webhook. */
export function configure(command: Command): void {
  deliveryOptions(command, webhookDeliveryStates)
    .argument('<id>', 'the webhook', valueBy(webhookId))
    .action(deliveries);
  examples(command, {
    'esim webhook deliveries we_5b1f0c3a9d2e47f86a1b0c2d':
      'the newest first, with the reason of each failure',
    'esim webhook deliveries we_5b1f0c3a9d2e47f86a1b0c2d --state pending':
      'messages that are not delivered yet',
  });
}

function deliveries(id: string, options: DeliveryOptions<WebhookDeliveryState>): Promise<void> {
  return showDeliveries(options, (api, query) => api.listWebhookDeliveries(id, query));
}
