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

/** `esim webhook update`: updates the URL or the events, or enables or disables a webhook. */
export function configure(command: Command): void {
  restOptions(command)
    .argument('<id>', 'the webhook', valueBy(webhookId))
    .option('--to <url>', 'new URL of the receiver')
    .option('--events <list>', 'event types separated by commas, or all', valueBy(eventsFrom))
    .option('--description <text>', 'description for people')
    .option('--enable', 'send new events again')
    .option('--disable', 'send nothing until it is enabled')
    .action(update);
  examples(command, {
    'esim webhook update we_5b1f0c3a9d2e47f86a1b0c2d --enable': 'enable a disabled webhook',
    'esim webhook update we_5b1f0c3a9d2e47f86a1b0c2d --events all': 'send all events',
  });
}

async function update(id: string, all: Options): Promise<void> {
  const { to, events, description, enable, disable, ...options } = all;
  if (enable && disable) throw new CliError('use either --enable or --disable', 2);
  const request = {
    ...(to !== undefined && { url: to }),
    ...(events !== undefined && { events }),
    ...(description !== undefined && { description }),
    ...((enable || disable) && { disabled: disable === true }),
  };
  if (Object.keys(request).length === 0)
    throw new CliError("there is nothing to update: see 'esim webhook update --help'", 2);
  const { data } = await askApi(options, (api) => api.updateWebhook(id, request));
  show(options, data, fields(webhookFields(data)));
}
