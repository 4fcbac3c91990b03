import type { CreateUpstreamRequest } from '@esim-rsp/sdk';
import type { Command } from 'commander';
import { CliError, examples } from '../../command.ts';
import { fields, note, show } from '../../output.ts';
import { askApi } from '../../rest/ask-api.ts';
import { type ServerOptions, serverOf, serverOptions } from '../../rest/options.ts';
import { settingsIn, type UpstreamOptions, upstreamOptions } from '../../upstream/settings.ts';
import { upstreamFields } from '../../upstream/text.ts';

type Options = ServerOptions & UpstreamOptions;

const required = {
  url: '--url',
  cert: '--cert',
  key: '--key',
  requester: '--requester',
  smdpAddress: '--smdp-address',
} as const;

/** `esim upstream add`: creates an upstream. */
export function configure(command: Command): void {
  serverOptions(upstreamOptions(command.argument('<name>', 'a name for the upstream'))).action(add);
  examples(command, {
    'esim upstream add vendor --url https://es2plus.vendor.example.com:8444 --cert us.pem --key us.key --ca vendor-ca.pem --requester 1.2.3 --smdp-address rsp.vendor.example.com':
      'order at the SM-DP+ of a vendor',
  });
}

async function add(name: string, options: Options): Promise<void> {
  const missing = Object.entries(required).filter(
    ([option]) => options[option as keyof typeof required] === undefined,
  );
  if (missing.length > 0)
    throw new CliError(
      `add ${missing.map(([, flag]) => flag).join(', ')}: see 'esim upstream add --help'`,
      2,
    );
  const request = { name, ...settingsIn(options) } as CreateUpstreamRequest;
  const server = serverOf(options);
  const { data } = await askApi(server, (api) => api.createUpstream(request));
  show(server, data, fields(upstreamFields(data)));
  note(`try the connection: esim upstream test ${name}`);
}
