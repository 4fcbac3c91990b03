import type { Command } from 'commander';
import { examples } from '../../command.ts';
import { coreFields } from '../../core/text.ts';
import { fields, show } from '../../output.ts';
import { askApi } from '../../rest/ask-api.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';

/** `esim core show`: shows a core network without its credentials. */
export function configure(command: Command): void {
  restOptions(command).argument('<name>', 'the core network').action(showCore);
  examples(command, { 'esim core show hlr': 'its settings, and whether it takes subscriptions' });
}

async function showCore(name: string, options: RestOptions): Promise<void> {
  const { data } = await askApi(options, (api) => api.getCoreNetwork(name));
  show(options, data, fields(coreFields(data)));
}
