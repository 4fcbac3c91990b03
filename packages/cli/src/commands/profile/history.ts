import type { ListEventsResponse } from '@esim-rsp/sdk';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { Command } from 'commander';
import { examples } from '../../command.ts';
import { askApi } from '../../rest/ask-api.ts';
import { eventCells } from '../../rest/event-text.ts';
import {
  type LogOptions,
  logOptions,
  logQueryFrom,
  noteNextPage,
  typesOption,
} from '../../rest/log-options.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';
import { noteUnprovenCalls } from '../../session/note-unproven.ts';
import { type Columns, showTable, type TableOptions, tableOptions } from '../../table.ts';
import { iccidArgument } from '../../values.ts';

const columns: Columns = {
  names: ['time', 'what', 'state', 'who', 'session', 'why'],
  dropFirst: ['session', 'who', 'time', 'state'],
  none: 'there are no such events',
};

type Options = RestOptions & TableOptions & LogOptions & { readonly types?: string };

type EventsPage = Omit<ListEventsResponse, 'next_cursor'> & { readonly next_cursor?: string };

/** `esim profile history`: shows the events of a profile. */
export function configure(command: Command): void {
  typesOption(logOptions(tableOptions(restOptions(command), columns), 'events'))
    .argument('<iccid>', 'the profile', iccidArgument)
    .action(history);
  examples(command, {
    'esim profile history 8900101000000000019': 'each event with its time, actor and reason',
    'esim profile history 8900101000000000019 --sort newest --since 7d':
      'those of the last week, the newest first',
    'esim profile history 8900101000000000019 --json': 'as JSON, as the API returns it',
  });
}

async function history(iccid: Iccid, { types, ...options }: Options): Promise<void> {
  const query = { ...logQueryFrom(options), ...(types !== undefined && { types }) };
  const data: EventsPage = await askApi(options, async (api) => {
    const list = api.getEUICCProfileHistory(iccid, query);
    return options.all ? { events: await Array.fromAsync(list), more: false } : (await list).data;
  });
  const rows = data.events.map((event) => {
    const [what, state, who, why] = eventCells(event);
    return [event.occurred_at, what, state, who, event.transaction_id ?? '', why];
  });
  showTable(options, data, columns, rows);
  if (options.json) return;
  noteNextPage(data, 'events');
  await askApi(options, (api) => noteUnprovenCalls(api, iccid));
}
