import type { Command } from 'commander';
import { examples } from '../../command.ts';
import { fields, note, show } from '../../output.ts';
import { askApi } from '../../rest/ask-api.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';
import { eventsFrom, secretIn, type WebhookEvents, webhookFields } from '../../rest/webhook-text.ts';
import { valueBy } from '../../values.ts';

type Options = RestOptions & {
  readonly events?: WebhookEvents;
  readonly description?: string;
  readonly secretFile?: string;
};

/** `esim webhook create`: tells a URL what happens from now on. */
export function configure(command: Command): void {
  restOptions(command)
    .argument('<to>', 'URL that is told, https://…')
    .option(
      '--events <list>',
      'types with commas between them, or all; the usual ones if absent',
      valueBy(eventsFrom),
    )
    .option('--description <text>', 'for people')
    .option('--secret-file <file>', 'a secret of your own, whsec_…; - for stdin; drawn if absent')
    .action(create);
  examples(command, {
    'esim webhook create https://shop.example.com/esim-events': 'tell it of downloads, states and failures',
    'esim webhook create http://localhost:3000/hook --events all':
      'of everything; in the demo, on this machine',
    'esim webhook create https://shop.example.com/errors --events profile.error,profile.expired':
      'of what fails',
  });
}

async function create(url: string, { events, description, secretFile, ...options }: Options): Promise<void> {
  const request = {
    url,
    ...(events !== undefined && { events }),
    ...(description !== undefined && { description }),
    ...(await secretIn(secretFile)),
  };
  const { data } = await askApi(options, (api) => api.createWebhook(request));
  show(options, data, fields(webhookFields(data)));
  note('the secret is not shown again: the receiver checks signatures with it (webhooks.unwrap of the SDK)');
}
