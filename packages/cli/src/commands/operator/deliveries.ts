import { type LogSort, logSorts } from '@esim-rsp/sdk';
import {
  type Delivery,
  type DeliveryFilter,
  type DeliveryState,
  deliveryStates,
  type OutboxStore,
} from '@esim-rsp/server/store/ports/outbox';
import { type Command, Option } from 'commander';
import { CliError, examples } from '../../command.ts';
import { withLocalStore } from '../../local-store.ts';
import { typesOption } from '../../rest/log-options.ts';
import { deliveryCells } from '../../rest/webhook-text.ts';
import { type Columns, showTable, type TableOptions, tableOptions } from '../../table.ts';
import { numberFrom, sinceFrom } from '../../values.ts';

const columns: Columns = {
  names: ['operator', 'number', 'time', 'type', 'profile', 'state', 'attempts', 'result'],
  dropFirst: ['attempts', 'profile', 'time', 'type', 'operator', 'state'],
};

type Options = TableOptions & {
  readonly state?: DeliveryState;
  readonly types?: string;
  readonly sort?: LogSort;
  readonly since?: string;
  readonly until?: string;
  readonly cursor?: number;
  readonly count: number;
  readonly all?: true;
};

/** `esim operator deliveries`: lists the messages to operators. */
export function configure(command: Command): void {
  typesOption(tableOptions(command, columns))
    .argument('[name]', 'the operator; all if absent')
    .addOption(
      new Option('--state <state>', 'only messages in this state; pending: not delivered yet').choices(
        deliveryStates,
      ),
    )
    .addOption(new Option('--sort <order>', 'the newest or the oldest first').choices(logSorts))
    .option('--since <time>', 'only messages since then: 12h (ago), a date, or Unix seconds', sinceFrom)
    .option('--until <time>', 'only messages before then', sinceFrom)
    .option('--cursor <number>', 'continue behind the message with this number', numberFrom(1, 999_999_999))
    .option('--count <n>', 'number of messages per operator', numberFrom(1, 1000), 20)
    .option('--all', 'all messages')
    .option('--json', 'write JSON to stdout')
    .action(deliveries);
  examples(command, {
    'esim operator deliveries shop': 'the newest first, with the reason of each failure',
    'esim operator deliveries --state pending': 'waiting messages of all operators',
  });
}

async function deliveries(name: string | undefined, options: Options): Promise<void> {
  if (options.cursor !== undefined && (options.since !== undefined || options.until !== undefined))
    throw new CliError('use --cursor without --since and --until', 2);
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

/** The messages to an operator, page by page until there are as many as asked for. */
async function logOf(store: OutboxStore, target: string, options: Options): Promise<readonly Delivery[]> {
  const { state, types, sort, since, until, cursor, all } = options;
  const found: Delivery[] = [];
  const most = all ? Number.MAX_SAFE_INTEGER : options.count;
  const filter = {
    kind: 'es2',
    target,
    ...(state !== undefined && { state }),
    ...(types !== undefined && { types: types.split(',') }),
    ...(sort !== undefined && { sort }),
    ...(since !== undefined && { since: Date.parse(since) }),
    ...(until !== undefined && { until: Date.parse(until) }),
  } as const;
  for (let after = cursor === undefined ? undefined : ({ id: cursor } as DeliveryFilter['after']); ; ) {
    const count = Math.min(most - found.length, 1000);
    const { items, next } = await store.deliveries({ ...filter, count, ...(after && { after }) });
    found.push(...items);
    if (next === undefined || found.length >= most) return found;
    after = next;
  }
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
