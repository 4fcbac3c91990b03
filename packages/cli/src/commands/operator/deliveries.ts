import {
  type ListOperatorDeliveriesResponse,
  type OperatorDeliveryState,
  operatorDeliveryStates,
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
import { deliveryCells } from '../../rest/webhook-text.ts';
import { type Columns, showTable, type TableOptions, tableOptions } from '../../table.ts';

const columns: Columns = {
  names: ['number', 'time', 'type', 'profile', 'state', 'attempts', 'result'],
  dropFirst: ['attempts', 'profile', 'time', 'type', 'state'],
  none: 'there are no such messages',
};

type Options = RestOptions &
  TableOptions &
  LogOptions & { readonly state?: OperatorDeliveryState; readonly types?: string };

/** `esim operator deliveries`: lists the messages to an operator. */
export function configure(command: Command): void {
  typesOption(logOptions(tableOptions(restOptions(command), columns), 'messages'))
    .argument('<name>', 'the operator')
    .addOption(
      new Option('--state <state>', 'only messages in this state; pending: not delivered yet').choices(
        operatorDeliveryStates,
      ),
    )
    .action(deliveries);
  examples(command, {
    'esim operator deliveries shop': 'the newest first, with the reason of each failure',
    'esim operator deliveries shop --state pending': 'messages that are not delivered yet',
  });
}

async function deliveries(name: string, { state, types, ...options }: Options): Promise<void> {
  const query = {
    ...logQueryFrom(options),
    ...(state !== undefined && { state }),
    ...(types !== undefined && { types }),
  };
  const data: ListOperatorDeliveriesResponse = await askApi(options, async (api) => {
    const list = api.listOperatorDeliveries(name, query);
    return options.all ? { deliveries: await Array.fromAsync(list), more: false } : (await list).data;
  });
  showTable(options, data, columns, data.deliveries.map(deliveryCells));
  if (!options.json) noteNextPage(data, 'messages');
}
