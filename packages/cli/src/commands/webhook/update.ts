import type { Command } from 'commander';
import { CliError, examples } from '../../command.ts';
import { fields, show } from '../../output.ts';
import { askApi } from '../../rest/ask-api.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';
import { eventsFrom, type WebhookEvents, webhookFields, webhookId } from '../../rest/webhook-text.ts';
import { valueBy } from '../../values.ts';

type Options = RestOptions & {
  readonly to?: string;
  readonly events?: WebhookEvents;
  readonly description?: string;
  readonly enable?: true;
  readonly disable?: true;
};

/** `esim webhook update`: another URL, other events, or enabled again. */
export function configure(command: Command): void {
  restOptions(command)
    .argument('<id>', 'the webhook', valueBy(webhookId))
    .option('--to <url>', 'the URL that is told')
    .option('--events <list>', 'types with commas between them, or all', valueBy(eventsFrom))
    .option('--description <text>', 'for people')
    .option('--enable', 'tell it again what happens from now on')
    .option('--disable', 'tell it nothing until it is enabled')
    .action(update);
  examples(command, {
    'esim webhook update we_5b1f0c3a9d2e47f86a1b0c2d --enable': 'try again one that was disabled',
    'esim webhook update we_5b1f0c3a9d2e47f86a1b0c2d --events all': 'tell it of everything',
  });
}

async function update(id: string, given: Options): Promise<void> {
  const { to, events, description, enable, disable, ...options } = given;
  if (enable && disable) throw new CliError('give either --enable or --disable', 2);
  const request = {
    ...(to !== undefined && { url: to }),
    ...(events !== undefined && { events }),
    ...(description !== undefined && { description }),
    ...((enable || disable) && { disabled: disable === true }),
  };
  if (Object.keys(request).length === 0) throw new CliError('say what to update: see --help', 2);
  const { data } = await askApi(options, (api) => api.updateWebhook(id, request));
  show(options, data, fields(webhookFields(data)));
}
