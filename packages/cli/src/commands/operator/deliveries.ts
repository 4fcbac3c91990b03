import { type OperatorDeliveryState, operatorDeliveryStates } from '@esim-rsp/sdk';
import type { Command } from 'commander';
import { examples } from '../../command.ts';
import { type DeliveryOptions, deliveryOptions, showDeliveries } from '../../rest/delivery-list.ts';

/** `esim operator deliveries`: lists the messages to an operator. */
export function configure(command: Command): void {
  deliveryOptions(command, operatorDeliveryStates).argument('<name>', 'the operator').action(deliveries);
  examples(command, {
    'esim operator deliveries shop': 'the newest first, with the reason of each failure',
    'esim operator deliveries shop --state pending': 'messages that are not delivered yet',
  });
}

function deliveries(name: string, options: DeliveryOptions<OperatorDeliveryState>): Promise<void> {
  return showDeliveries(options, (api, query) => api.listOperatorDeliveries(name, query));
}
