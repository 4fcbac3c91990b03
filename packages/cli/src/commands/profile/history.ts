import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { Command } from 'commander';
import { examples } from '../../command.ts';
import { note } from '../../output.ts';
import { askApi } from '../../rest/ask-api.ts';
import { eventCells } from '../../rest/event-text.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';
import { type Columns, showTable, type TableOptions, tableOptions } from '../../table.ts';
import { iccidArgument, numberFrom } from '../../values.ts';

const columns: Columns = {
  names: ['time', 'what', 'state', 'who', 'session', 'why'],
  dropFirst: ['session', 'who', 'time', 'state'],
};

type Options = RestOptions & TableOptions & { readonly cursor?: string; readonly count?: number };

/** `esim profile history`: shows the events of a profile. */
export function configure(command: Command): void {
  tableOptions(restOptions(command), columns)
    .argument('<iccid>', 'the profile', iccidArgument)
    .option('--cursor <cursor>', 'continue after the previous page, or after the event with this number')
    .option('--count <n>', 'number of entries', numberFrom(1, 1000))
    .action(history);
  examples(command, {
    'esim profile history 8900101000000000019': 'each event with its time, actor and reason',
    'esim profile history 8900101000000000019 --json': 'as JSON, as the API returns it',
  });
}

async function history(iccid: Iccid, { cursor, count, ...options }: Options): Promise<void> {
  const query = { ...(cursor !== undefined && { cursor }), ...(count !== undefined && { count }) };
  const { data } = await askApi(options, (api) => api.getEUICCProfileHistory(iccid, query));
  const rows = data.events.map((event) => {
    const [what, state, who, why] = eventCells(event);
    return [event.occurred_at, what, state, who, event.transaction_id ?? '', why];
  });
  showTable(options, data, columns, rows);
  if (data.more && !options.json) note(`there are more; to continue: --cursor ${data.next_cursor}`);
}
