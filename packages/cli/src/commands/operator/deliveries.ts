import {
  type Delivery,
  type DeliveryState,
  deliveryStates,
  type OutboxStore,
} from '@esim-rsp/server/store/ports/outbox';
import { type Command, Option } from 'commander';
import { CliError, examples } from '../../command.ts';
import { withLocalStore } from '../../local-store.ts';
import { deliveryCells } from '../../rest/webhook-text.ts';
import { type Columns, showTable, type TableOptions, tableOptions } from '../../table.ts';
import { numberFrom } from '../../values.ts';

const columns: Columns = {
  names: ['operator', 'number', 'time', 'type', 'profile', 'state', 'attempts', 'result'],
  dropFirst: ['attempts', 'profile', 'time', 'type', 'operator', 'state'],
};

type Options = TableOptions & {
  readonly state?: DeliveryState;
  readonly cursor?: number;
  readonly count: number;
};

/** `esim operator deliveries`: lists the messages to operators. */
export function configure(command: Command): void {
  tableOptions(command, columns)
    .argument('[name]', 'the operator; all if absent')
    .addOption(
      new Option('--state <state>', 'only messages in this state; pending: not delivered yet').choices(
        deliveryStates,
      ),
    )
    .option('--cursor <number>', 'only messages with a lower number than this', numberFrom(1, 999_999_999))
    .option('--count <n>', 'number of messages per operator', numberFrom(1, 1000), 20)
    .option('--json', 'write JSON to stdout')
    .action(deliveries);
  examples(command, {
    'esim operator deliveries shop': 'the newest first, with the reason of each failure',
    'esim operator deliveries --state pending': 'waiting messages of all operators',
  });
}

async function deliveries(name: string | undefined, options: Options): Promise<void> {
  const found = await withLocalStore(async (store) => {
    const names = (await store.operators()).map((operator) => operator.name);
    if (name !== undefined && !names.includes(name))
      throw new CliError(`there is no operator ${name}: 'esim operator list' shows the operators`);
    const those = name === undefined ? names : [name];
    return (await Promise.all(those.map((target) => logOf(store, target, options)))).flat();
  });
  const shown = found.map(deliveryJson);
  const rows = shown.map((one) => [one.operator, ...deliveryCells(one)]);
  showTable(options, shown, columns, rows);
}

function logOf(store: OutboxStore, target: string, { state, cursor, count }: Options) {
  const narrowed = { ...(state !== undefined && { state }), ...(cursor !== undefined && { before: cursor }) };
  return store.deliveries({ kind: 'es2', target, count, ...narrowed });
}

const time = (at: number) => new Date(at).toISOString();

/** A message to an operator, as the commands show it. */
export function deliveryJson(delivery: Delivery) {
  const { id, target, type, eventId, iccid, state, attempts, createdAt } = delivery;
  const { nextAttemptAt, lastAttemptAt, lastStatus, lastError } = delivery;
  return {
    operator: target,
    id,
    type,
    ...(eventId !== undefined && { event_id: eventId }),
    iccid,
    state,
    attempts,
    created_at: time(createdAt),
    ...(state === 'pending' && { next_attempt_at: time(nextAttemptAt) }),
    ...(lastAttemptAt !== undefined && { last_attempt_at: time(lastAttemptAt) }),
    ...(lastStatus !== undefined && { last_status: lastStatus }),
    ...(lastError !== undefined && { last_error: lastError }),
  };
}
