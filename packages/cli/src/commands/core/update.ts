import type { Command } from 'commander';
import { CliError, examples } from '../../command.ts';
import { type CoreOptions, coreOptions, coreSettingsIn } from '../../core/settings.ts';
import { coreFields } from '../../core/text.ts';
import { fields, show } from '../../output.ts';
import { askApi } from '../../rest/ask-api.ts';
import { type ServerOptions, serverOf, serverOptions } from '../../rest/options.ts';

/** `esim core update`: changes settings of a core network; the others stay. */
export function configure(command: Command): void {
  serverOptions(coreOptions(command.argument('<name>', 'the core network'))).action(update);
  examples(command, {
    'esim core update hlr --url ctrl://10.0.0.6': 'it has moved',
    'esim core update hlr --types all': 'for profiles of every type from now on',
  });
}

async function update(name: string, options: ServerOptions & CoreOptions): Promise<void> {
  const request = await coreSettingsIn(options);
  if (Object.keys(request).length === 0)
    throw new CliError("there is nothing to update: see 'esim core update --help'", 2);
  const server = serverOf(options);
  const { data } = await askApi(server, (api) => api.updateCoreNetwork(name, request));
  show(server, data, fields(coreFields(data)));
}
