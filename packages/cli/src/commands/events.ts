import type { EventsQuery, ProfileEvent } from '@esim-rsp/sdk';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { Command } from 'commander';
import { examples } from '../command.ts';
import { note, writeLine } from '../output.ts';
import { askApi } from '../rest/ask-api.ts';
import { eventLine } from '../rest/event-text.ts';
import { type RestOptions, restOptions } from '../rest/options.ts';
import { stopSignal } from '../stop-signal.ts';
import { iccidArgument, numberFrom } from '../values.ts';

type Options = RestOptions & {
  readonly follow?: true;
  readonly after?: number;
  readonly count?: number;
  readonly types?: string;
  readonly iccid?: Iccid;
};

/** `esim events`: what happens to all profiles of the account. */
export function configure(command: Command): void {
  restOptions(command)
    .option('--follow', 'go on with what happens from now on, until Ctrl-C')
    .option('--after <id>', 'only events with a higher number', numberFrom(0, 999_999_999))
    .option('--count <n>', 'without --follow: how many', numberFrom(1, 1000))
    .option('--types <list>', 'only these, with commas between them, such as profile.installed,profile.error')
    .option('--iccid <iccid>', 'only of this profile', iccidArgument)
    .action(events);
  examples(command, {
    'esim events --follow': 'a line for everything that happens, as it happens',
    'esim events --follow --types profile.error,profile.expired --json': 'what fails, one JSON object a line',
    'esim events --after 17 --count 50': 'fifty events after number 17',
  });
}

async function events({ follow, after, count, types, iccid, ...options }: Options): Promise<void> {
  const narrowed: EventsQuery = {
    ...(after !== undefined && { after }),
    ...(types !== undefined && { types }),
    ...(iccid !== undefined && { iccid }),
  };
  const write = (event: ProfileEvent) => writeLine(options.json ? JSON.stringify(event) : eventLine(event));
  if (follow) return followed(options, narrowed, write);
  const wish = { ...narrowed, ...(count !== undefined && { count }) };
  const { data } = await askApi(options, (api) => api.listEvents(wish));
  for (const event of data.events) await write(event);
  if (data.more && !options.json) note(`there are more: --after ${data.last_id}`);
}

async function followed(
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
