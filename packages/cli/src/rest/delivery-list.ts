import type {
  ESIMRSPApi,
  ListCoreDeliveriesResponse,
  ListMailDeliveriesResponse,
  ListOperatorDeliveriesResponse,
  ListWebhookDeliveriesResponse,
} from '@esim-rsp/sdk';
import { type Command, Option } from 'commander';
import { type Columns, showTable, type TableOptions, tableOptions } from '../table.ts';
import { askApi } from './ask-api.ts';
import { type LogOptions, logOptions, logQueryFrom, noteNextPage, typesOption } from './log-options.ts';
import { type RestOptions, restOptions } from './options.ts';
import { deliveryCells } from './webhook-text.ts';

const columns: Columns = {
  names: ['number', 'time', 'type', 'profile', 'state', 'attempts', 'result'],
  dropFirst: ['attempts', 'profile', 'time', 'type', 'state'],
  none: 'there are no such messages',
};

/** Which messages to a webhook, an operator or a core network, or which mails, a command shows. */
export type DeliveryOptions<State> = RestOptions &
  TableOptions &
  LogOptions & { readonly state?: State; readonly types?: string };

type Query<State> = ReturnType<typeof logQueryFrom> & { readonly state?: State; readonly types?: string };
type Response =
  | ListWebhookDeliveriesResponse
  | ListOperatorDeliveriesResponse
  | ListMailDeliveriesResponse
  | ListCoreDeliveriesResponse;
type Deliveries = Promise<{ readonly data: Response }> & AsyncIterable<Response['deliveries'][number]>;

/** Adds the options of a list of messages. */
export function deliveryOptions(command: Command, states: readonly string[]): Command {
  return typesOption(logOptions(tableOptions(restOptions(command), columns), 'messages')).addOption(
    new Option('--state <state>', 'only messages in this state; pending: not delivered yet').choices(states),
  );
}

/** Requests the messages and shows them. */
export async function showDeliveries<State>(
  { state, types, ...options }: DeliveryOptions<State>,
  list: (api: ESIMRSPApi, query: Query<State>) => Deliveries,
): Promise<void> {
  const query = {
    ...logQueryFrom(options),
    ...(state !== undefined && { state }),
    ...(types !== undefined && { types }),
  };
  const data = await askApi(options, async (api) => {
    const page = list(api, query);
    return options.all ? { deliveries: await Array.fromAsync(page), more: false } : (await page).data;
  });
  showTable(options, data, columns, data.deliveries.map(deliveryCells));
  if (!options.json) noteNextPage(data, 'messages');
}
