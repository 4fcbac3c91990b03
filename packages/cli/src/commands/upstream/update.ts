import type { Command } from 'commander';
import { CliError, examples } from '../../command.ts';
import { fields, show } from '../../output.ts';
import { askApi } from '../../rest/ask-api.ts';
import { type ServerOptions, serverOf, serverOptions } from '../../rest/options.ts';
import { settingsIn, type UpstreamOptions, upstreamOptions } from '../../upstream/settings.ts';
import { upstreamFields } from '../../upstream/text.ts';

/** `esim upstream update`: changes settings of an upstream; the others stay. */
export function configure(command: Command): void {
  serverOptions(upstreamOptions(command.argument('<name>', 'the upstream'))).action(update);
  examples(command, {
    'esim upstream update vendor --cert new.pem --key new.key': 'use a new client certificate from now on',
    'esim upstream update vendor --points 4=installed,101=enabled,102=disabled,5=deleted':
      'what the points of this vendor mean',
  });
}

async function update(name: string, options: ServerOptions & UpstreamOptions): Promise<void> {
  const request = settingsIn(options);
  if (Object.keys(request).length === 0)
    throw new CliError("there is nothing to update: see 'esim upstream update --help'", 2);
  const server = serverOf(options);
  const { data } = await askApi(server, (api) => api.updateUpstream(name, request));
  show(server, data, fields(upstreamFields(data)));
}
