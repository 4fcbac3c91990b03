import { type OperationKind, type OperationState, operationKinds, operationStates } from '@esim-rsp/sdk';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import { type Command, Option } from 'commander';
import { examples } from '../../command.ts';
import { askApi } from '../../rest/ask-api.ts';
import { noteNextPage } from '../../rest/log-options.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';
import { type Columns, showTable, type TableOptions, tableOptions } from '../../table.ts';
import { operationCells } from '../../upstream/operation-text.ts';
import { iccidArgument, numberFrom } from '../../values.ts';

const columns: Columns = {
  names: ['id', 'requested at', 'upstream', 'profile', 'operation', 'state', 'result'],
  dropFirst: ['requested at', 'upstream'],
  none: 'nothing was requested from an upstream',
};

type Options = RestOptions &
  TableOptions & {
    readonly state?: OperationState;
    readonly operation?: OperationKind;
    readonly upstream?: string;
    readonly iccid?: Iccid;
    readonly cursor?: string;
    readonly count?: number;
    readonly all?: true;
  };

/** `esim operation list`: lists what was requested from upstreams. */
export function configure(command: Command): void {
  tableOptions(restOptions(command), columns)
    .addOption(
      new Option(
        '--state <state>',
        'only those in this state; unknown: the upstream may have done it; failed: it has chosen a profile that exists here already',
      ).choices(operationStates),
    )
    .addOption(new Option('--operation <kind>', 'only those that request this').choices(operationKinds))
    .option('--upstream <name>', 'only those at this upstream')
    .option('--iccid <iccid>', 'only those of this profile', iccidArgument)
    .option('--cursor <cursor>', 'continue after the previous page')
    .option('--count <n>', 'number of operations, 1 to 1000', numberFrom(1, 1000))
    .option('--all', 'everything from there on, page by page')
    .action(list);
  examples(command, {
    'esim operation list': 'the newest first',
    'esim operation list --state unknown': 'what may have been done at an upstream',
  });
}

async function list({
  state,
  operation,
  upstream,
  iccid,
  cursor,
  count,
  all,
  ...options
}: Options): Promise<void> {
  const query = {
    ...(state !== undefined && { state }),
    ...(operation !== undefined && { operation }),
    ...(upstream !== undefined && { upstream }),
    ...(iccid !== undefined && { iccid }),
    ...(cursor !== undefined && { cursor }),
    ...(count !== undefined && { count }),
  };
  const data = await askApi(options, async (api) => {
    const page = api.listOperations(query);
    return all ? { operations: await Array.fromAsync(page), count: 0 } : (await page).data;
  });
  showTable(options, data, columns, data.operations.map(operationCells));
  if (!options.json) noteNextPage({ ...data, more: data.next_cursor !== undefined }, 'operations');
}
