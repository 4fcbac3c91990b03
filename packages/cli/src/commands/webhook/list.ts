import type { Command } from 'commander';
import { examples } from '../../command.ts';
import { note, show, table } from '../../output.ts';
import { askApi } from '../../rest/ask-api.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';
import { conditionOf } from '../../rest/webhook-text.ts';

/** `esim webhook list`: who is told what happens. */
export function configure(command: Command): void {
  restOptions(command).action(list);
  examples(command, { 'esim webhook list': 'show every webhook and whether it works' });
}

async function list(options: RestOptions): Promise<void> {
  const { data } = await askApi(options, (api) => api.listWebhooks());
  const rows = data.webhooks.map((one) => [one.id, one.url, conditionOf(one)]);
  show(options, data, table(['id', 'url', 'condition'], rows));
  if (data.total === 0 && !options.json)
    note("nobody is told what happens yet: see 'esim webhook create --help'");
}
