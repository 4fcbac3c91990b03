import type { EventsQuery, ProfileEvent } from '@esim-rsp/sdk';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { Command } from 'commander';
import { examples } from '../command.ts';
import { jsonOf, note, writeLine } from '../output.ts';
import { type AllOption, allOption, pageSize } from '../rest/all-option.ts';
import { askApi } from '../rest/ask-api.ts';
import { eventLine } from '../rest/event-text.ts';
import { type RestOptions, restOptions } from '../rest/options.ts';
import { stopSignal } from '../stop-signal.ts';
import { iccidArgument, numberFrom } from '../values.ts';

type Options = RestOptions &
  AllOption & {
    readonly follow?: true;
    readonly cursor?: string;
    readonly types?: string;
    readonly iccid?: Iccid;
  };

/** `esim events`: shows the events of all profiles of the account. */
export function configure(command: Command): void {
  allOption(restOptions(command))
    .option('--follow', 'continue with new events until Ctrl-C')
    .option('--cursor <cursor>', 'continue after the previous page, or after the event with this number')
    .option('--count <n>', 'number of events; not with --follow', numberFrom(1, 1000))
    .option(
      '--types <list>',
      'only these types, separated by commas, such as profile.installed,profile.error',
    )
    .option('--iccid <iccid>', 'only events of this profile', iccidArgument)
    .action(events);
  examples(command, {
    'esim events --follow': 'print each event when it happens',
    'esim events --follow --types profile.error,profile.expired --json':
      'only failures, one JSON object per line',
    'esim events --cursor 17 --count 50': 'the fifty events after number 17',
  });
}

async function events({ follow, all, cursor, count, types, iccid, ...options }: Options): Promise<void> {
  const narrowed: EventsQuery = {
    ...(cursor !== undefined && { cursor }),
    ...(types !== undefined && { types }),
    ...(iccid !== undefined && { iccid }),
  };
  const write = (event: ProfileEvent) => writeLine(options.json ? jsonOf(event) : eventLine(event));
  if (follow) return followEvents(options, narrowed, write);
  const query = { ...narrowed, ...pageSize({ ...(all && { all }), ...(count !== undefined && { count }) }) };
  if (all)
    return askApi(options, async (api) => {
      for await (const event of api.listEvents(query)) await write(event);
    });
  const { data } = await askApi(options, (api) => api.listEvents(query));
  for (const event of data.events) await write(event);
  if (data.more && !options.json) note(`there are more; to continue: --cursor ${data.next_cursor}, or --all`);
}

async function followEvents(
  options: RestOptions,
  narrowed: EventsQuery,
  write: (event: ProfileEvent) => Promise<void>,
): Promise<void> {
  const stop = new AbortController();
  void stopSignal().then(() => stop.abort());
  await askApi(options, async (api) => {
    try {
      for await (const event of api.followEvents(narrowed, { signal: stop.signal })) await write(event);
    } catch (error) {
      if (!stop.signal.aborted) throw error;
    }
  });
}
