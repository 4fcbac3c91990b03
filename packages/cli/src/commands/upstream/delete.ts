import type { Command } from 'commander';
import { examples } from '../../command.ts';
import { show } from '../../output.ts';
import { askApi } from '../../rest/ask-api.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';

/** `esim upstream delete`: deletes an upstream with its key. */
export function configure(command: Command): void {
  restOptions(command).argument('<name>', 'the upstream').action(deleteUpstream);
  examples(command, { 'esim upstream delete vendor': 'delete the upstream and its key' });
}

async function deleteUpstream(name: string, options: RestOptions): Promise<void> {
  await askApi(options, (api) => api.deleteUpstream(name));
  show(options, { deleted: name }, `The upstream ${name} is deleted.`);
}
