import {
  type ListWebhookDeliveriesResponse,
  type WebhookDeliveryState,
  webhookDeliveryStates,
} from '@esim-rsp/sdk';
import { type Command, Option } from 'commander';
import { examples } from '../../command.ts';
import { note } from '../../output.ts';
import { type AllOption, allOption, pageSize } from '../../rest/all-option.ts';
import { askApi } from '../../rest/ask-api.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';
import { deliveryCells, webhookId } from '../../rest/webhook-text.ts';
import { type Columns, showTable, type TableOptions, tableOptions } from '../../table.ts';
import { numberFrom, valueBy } from '../../values.ts';

const columns: Columns = {
  names: ['number', 'time', 'type', 'profile', 'state', 'attempts', 'result'],
  dropFirst: ['attempts', 'profile', 'time', 'type', 'state'],
};

type Options = RestOptions &
  TableOptions &
  AllOption & {
    readonly state?: WebhookDeliveryState;
    readonly cursor?: string;
    readonly count?: number;
  };

/** `esim webhook deliveries`: lists the messages of a webhook. */
export function configure(command: Command): void {
  allOption(tableOptions(restOptions(command), columns))
    .argument('<id>', 'the webhook', valueBy(webhookId))
    .addOption(new Option('--state <state>', 'only messages in this state').choices(webhookDeliveryStates))
    .option('--cursor <cursor>', 'continue after the previous page')
    .option('--count <n>', 'number of entries', numberFrom(1, 1000))
    .action(deliveries);
  examples(command, {
    'esim webhook deliveries we_5b1f0c3a9d2e47f86a1b0c2d':
      'the newest first, with the reason of each failure',
    'esim webhook deliveries we_5b1f0c3a9d2e47f86a1b0c2d --state pending':
      'messages that are not delivered yet',
  });
}

async function deliveries(id: string, { state, cursor, all, count, ...options }: Options): Promise<void> {
  const query = {
    ...(state !== undefined && { state }),
    ...(cursor !== undefined && { cursor }),
    ...pageSize({ ...(all && { all }), ...(count !== undefined && { count }) }),
  };
  const data: ListWebhookDeliveriesResponse = await askApi(options, async (api) => {
    const list = api.listWebhookDeliveries(id, query);
    return all ? { deliveries: await Array.fromAsync(list), more: false } : (await list).data;
  });
  showTable(options, data, columns, data.deliveries.map(deliveryCells));
  if (data.more && !options.json)
    note(`there are older messages; to continue: --cursor ${data.next_cursor}, or --all`);
}
