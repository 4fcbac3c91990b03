import type { Command } from 'commander';
import { examples } from '../../command.ts';
import { fields, note, show } from '../../output.ts';
import { askApi } from '../../rest/ask-api.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';
import { eventsFrom, readSecret, type WebhookEvents, webhookFields } from '../../rest/webhook-text.ts';
import { valueBy } from '../../values.ts';

type Options = RestOptions & {
  readonly events?: WebhookEvents;
  readonly description?: string;
  readonly secretFile?: string;
};

/** `esim webhook create`: creates a webhook, which receives events from then on. */
export function configure(command: Command): void {
  restOptions(command)
    .argument('<to>', 'URL of the receiver, https://…')
    .option(
      '--events <list>',
      'event types separated by commas, or all; default: the usual ones',
      valueBy(eventsFrom),
    )
    .option('--description <text>', 'description for people')
    .option('--secret-file <file>', 'file with your secret, whsec_…; - for stdin; generated if absent')
    .action(create);
  examples(command, {
    'esim webhook create https://shop.example.com/esim-events': 'send downloads, states and failures',
    'esim webhook create http://localhost:3000/hook --events all':
      'send all events; in the demo, to this machine',
    'esim webhook create https://shop.example.com/errors --events profile.error,profile.expired':
      'send failures',
  });
}

async function create(url: string, { events, description, secretFile, ...options }: Options): Promise<void> {
  const request = {
    url,
    ...(events !== undefined && { events }),
    ...(description !== undefined && { description }),
    ...(await readSecret(secretFile)),
  };
  const { data } = await askApi(options, (api) => api.createWebhook(request));
  show(options, data, fields(webhookFields(data)));
  note('the secret is shown once; the receiver verifies signatures with it (webhooks.unwrap of the SDK)');
}
