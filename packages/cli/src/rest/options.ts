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

/** Adds the options of every command that calls the REST API. */
export function restOptions(command: Command): Command {
  return command
    .option('--url <url>', 'URL of the server; or set ESIM_URL')
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
