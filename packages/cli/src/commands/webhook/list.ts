import type { Command } from 'commander';
import { examples } from '../../command.ts';
import { note, show, table } from '../../output.ts';
import { askApi } from '../../rest/ask-api.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';
import { conditionOf } from '../../rest/webhook-text.ts';

/** `esim webhook list`: lists the webhooks. */
export function configure(command: Command): void {
  restOptions(command).action(list);
  examples(command, { 'esim webhook list': 'all webhooks and their condition' });
}

async function list(options: RestOptions): Promise<void> {
  const { data } = await askApi(options, (api) => api.listWebhooks());
  const rows = data.webhooks.map((one) => [one.id, one.url, conditionOf(one)]);
  show(options, data, table(['id', 'url', 'condition'], rows));
  if (data.total === 0 && !options.json) note("there are no webhooks yet: see 'esim webhook create --help'");
}
