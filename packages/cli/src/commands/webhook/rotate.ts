import type { Command } from 'commander';
import { examples } from '../../command.ts';
import { fields, note, show } from '../../output.ts';
import { askApi } from '../../rest/ask-api.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';
import { readSecret, webhookFields, webhookId } from '../../rest/webhook-text.ts';
import { valueBy } from '../../values.ts';

/** `esim webhook rotate`: creates a new secret. Both secrets sign for a day. */
export function configure(command: Command): void {
  restOptions(command)
    .argument('<id>', 'the webhook', valueBy(webhookId))
    .option('--secret-file <file>', 'file with your secret, whsec_…; - for stdin; generated if absent')
    .action(rotate);
  examples(command, { 'esim webhook rotate we_5b1f0c3a9d2e47f86a1b0c2d': 'create a new secret' });
}

type Options = RestOptions & { readonly secretFile?: string };

async function rotate(id: string, { secretFile, ...options }: Options): Promise<void> {
  const request = await readSecret(secretFile);
  const { data } = await askApi(options, (api) => api.rotateWebhookSecret(id, request));
  show(options, data, fields(webhookFields(data)));
  note('the new secret is shown once; the old one signs too until then');
}
