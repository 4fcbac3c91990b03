import type { Command } from 'commander';
import { helpText } from '../command.ts';
import type { OutputOptions } from '../output.ts';
import { SECRET_FORMS } from '../secret-value.ts';

/** The URL and the credentials. `accessFor` finds the values of absent options. */
export type RestOptions = OutputOptions & {
  readonly url?: string;
  readonly userId?: string;
  readonly apiKey?: string;
};

/** The same where `--url` is another URL. */
export type ServerOptions = Omit<RestOptions, 'url'> & { readonly server?: string };

export function serverOptions(command: Command): Command {
  return credentialOptions(command.option('--server <url>', 'URL of the server; or set ESIM_URL'));
}

/** Where the server is, and who calls. */
export function serverOf({ server, userId, apiKey, json }: ServerOptions): RestOptions {
  return {
    ...(server !== undefined && { url: server }),
    ...(userId !== undefined && { userId }),
    ...(apiKey !== undefined && { apiKey }),
    ...(json !== undefined && { json }),
  };
}

/** Adds the options of every command that calls the REST API. */
export function restOptions(command: Command): Command {
  return credentialOptions(command.option('--url <url>', 'URL of the server; or set ESIM_URL'));
}

function credentialOptions(command: Command): Command {
  return command
    .option('--user-id <id>', 'your x-user-id; or set ESIM_USER_ID')
    .option('--api-key <key>', `your x-api-key: ${SECRET_FORMS}; or set ESIM_API_KEY`)
    .option('--json', 'write JSON to stdout')
    .addHelpText(
      'after',
      helpText(
        'Without these options and variables, the command uses the credentials that the demo server (npm start) saved in the data folder.',
      ),
    );
}
