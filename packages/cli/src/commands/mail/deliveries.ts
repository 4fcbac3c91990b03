import { type MailDeliveryState, mailDeliveryStates } from '@esim-rsp/sdk';
import type { Command } from 'commander';
import { examples } from '../../command.ts';
import { type DeliveryOptions, deliveryOptions, showDeliveries } from '../../rest/delivery-list.ts';

/** `esim mail deliveries`: lists the mails of the account. */
export function configure(command: Command): void {
  deliveryOptions(command, mailDeliveryStates).action(deliveries);
  examples(command, {
    'esim mail deliveries': 'the newest first, with the reason of each failure',
    'esim mail deliveries --state failed': 'mails that were refused for good',
  });
}

function deliveries(options: DeliveryOptions<MailDeliveryState>): Promise<void> {
  return showDeliveries(options, (api, query) => api.listMailDeliveries(query));
}
