import type { Command } from 'commander';
import type { Shown } from '../output.ts';

/** Where the server is and who asks; what is absent is looked for elsewhere. */
export type RestOptions = Shown & {
  readonly url?: string;
  readonly userId?: string;
  readonly apiKey?: string;
};

/** What every command that asks the REST API understands. */
export function restOptions(command: Command): Command {
  return command
    .option('--url <url>', 'where the server is; better: ESIM_URL')
    .option('--user-id <id>', 'your x-user-id; better: ESIM_USER_ID')
    .option('--api-key <key>', 'your x-api-key; better: ESIM_API_KEY, which no shell history keeps')
    .option('--json', 'write JSON to stdout')
    .addHelpText(
      'after',
      '\nWhat neither an option nor the environment says is read from the credentials that the demo start' +
        '\n(npm start) left in the data folder.',
    );
}
