import {
  type ListWebhookDeliveriesResponse,
  type WebhookDeliveryState,
  webhookDeliveryStates,
} from '@esim-rsp/sdk';
import { type Command, Option } from 'commander';
import { examples } from '../../command.ts';
import { askApi } from '../../rest/ask-api.ts';
import {
  type LogOptions,
  logOptions,
  logQueryFrom,
  noteNextPage,
  typesOption,
} from '../../rest/log-options.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';
import { deliveryCells, webhookId } from '../../rest/webhook-text.ts';
import { type Columns, showTable, type TableOptions, tableOptions } from '../../table.ts';
import { valueBy } from '../../values.ts';

const columns: Columns = {
  names: ['number', 'time', 'type', 'profile', 'state', 'attempts', 'result'],
  dropFirst: ['attempts', 'profile', 'time', 'type', 'state'],
  none: 'there are no such messages',
};

type Options = RestOptions &
  TableOptions &
  LogOptions & { readonly state?: WebhookDeliveryState; readonly types?: string };

/** `esim webhook deliveries`: lists the messages of a webhook. */
export function configure(command: Command): void {
  typesOption(logOptions(tableOptions(restOptions(command), columns), 'messages'))
    .argument('<id>', 'the webhook', valueBy(webhookId))
    .addOption(new Option('--state <state>', 'only messages in this state').choices(webhookDeliveryStates))
    .action(deliveries);
  examples(command, {
    'esim webhook deliveries we_5b1f0c3a9d2e47f86a1b0c2d':
      'the newest first, with the reason of each failure',
    'esim webhook deliveries we_5b1f0c3a9d2e47f86a1b0c2d --state pending':
      'messages that are not delivered yet',
  });
}

async function deliveries(id: string, { state, types, ...options }: Options): Promise<void> {
  const query = {
    ...logQueryFrom(options),
    ...(state !== undefined && { state }),
    ...(types !== undefined && { types }),
  };
  const data: ListWebhookDeliveriesResponse = await askApi(options, async (api) => {
    const list = api.listWebhookDeliveries(id, query);
    return options.all ? { deliveries: await Array.fromAsync(list), more: false } : (await list).data;
  });
  showTable(options, data, columns, data.deliveries.map(deliveryCells));
  if (!options.json) noteNextPage(data, 'messages');
}
