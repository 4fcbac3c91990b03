import type { EventsQuery, ProfileEvent } from '@esim-rsp/sdk';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { Command } from 'commander';
import { CliError, examples } from '../command.ts';
import { jsonOf, writeLine } from '../output.ts';
import { askApi } from '../rest/ask-api.ts';
import { eventLine } from '../rest/event-text.ts';
import { type LogOptions, logOptions, logQueryFrom, noteNextPage, typesOption } from '../rest/log-options.ts';
import { type RestOptions, restOptions } from '../rest/options.ts';
import { stopSignal } from '../stop-signal.ts';
import { iccidArgument } from '../values.ts';

type Options = RestOptions &
  LogOptions & {
    readonly follow?: true;
    readonly types?: string;
    readonly iccid?: Iccid;
  };

/** `esim events`: shows the events of all profiles of the account. */
export function configure(command: Command): void {
  typesOption(logOptions(restOptions(command), 'events'))
    .option('--follow', 'continue with new events until Ctrl-C, from --cursor on if it is there')
    .option('--iccid <iccid>', 'only events of this profile', iccidArgument)
    .action(events);
  examples(command, {
    'esim events --follow': 'print each event when it happens',
    'esim events --follow --types profile.error,profile.expired --json':
      'only failures, one JSON object per line',
    'esim events --cursor 17 --count 50': 'the fifty events after number 17',
    'esim events --sort newest --since 1d --types profile.error --all': 'the failures of the last day',
  });
}

async function events({ follow, types, iccid, ...options }: Options): Promise<void> {
  const query: EventsQuery = {
    ...logQueryFrom(options),
    ...(types !== undefined && { types }),
    ...(iccid !== undefined && { iccid }),
  };
  const write = (event: ProfileEvent) => writeLine(options.json ? jsonOf(event) : eventLine(event));
  if (follow) return followEvents(options, query, write);
  if (options.all)
    return askApi(options, async (api) => {
      for await (const event of api.listEvents(query)) await write(event);
    });
  const { data } = await askApi(options, (api) => api.listEvents(query));
  for (const event of data.events) await write(event);
  if (!options.json) noteNextPage(data, 'events');
}

async function followEvents(
  options: RestOptions,
  { count, sort, since, until, ...narrowed }: EventsQuery,
  write: (event: ProfileEvent) => Promise<void>,
): Promise<void> {
  if ([count, sort, since, until].some((one) => one !== undefined))
    throw new CliError('--follow works with --cursor, --types and --iccid only', 2);
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
