import type { Command } from 'commander';
import { examples } from '../../command.ts';
import { show } from '../../output.ts';
import { askApi } from '../../rest/ask-api.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';

/** `esim core delete`: deletes a core network with its credentials. */
export function configure(command: Command): void {
  restOptions(command).argument('<name>', 'the core network').action(deleteCore);
  examples(command, { 'esim core delete hlr': 'send it nothing more; what it has stays there' });
}

async function deleteCore(name: string, options: RestOptions): Promise<void> {
  await askApi(options, (api) => api.deleteCoreNetwork(name));
  show(options, { deleted: name }, `The core network ${name} is deleted here. What it has stays there.`);
}
