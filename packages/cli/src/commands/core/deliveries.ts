import { type CoreDeliveryState, coreDeliveryStates } from '@esim-rsp/sdk';
import type { Command } from 'commander';
import { examples } from '../../command.ts';
import { type DeliveryOptions, deliveryOptions, showDeliveries } from '../../rest/delivery-list.ts';

/** `esim core deliveries`: lists what a core network was sent. */
export function configure(command: Command): void {
  deliveryOptions(command, coreDeliveryStates).argument('<name>', 'the core network').action(deliveries);
  examples(command, {
    'esim core deliveries hlr': 'the newest first, with the reason of each failure',
    'esim core deliveries hlr --state pending': 'what waits',
  });
}

function deliveries(name: string, options: DeliveryOptions<CoreDeliveryState>): Promise<void> {
  return showDeliveries(options, (api, query) => api.listCoreDeliveries(name, query));
}
