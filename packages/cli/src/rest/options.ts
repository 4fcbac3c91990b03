import type { Command } from 'commander';
import type { Shown } from '../output.ts';

/** Where the server is and who calls. What is absent comes from the environment, then from the demo's credentials. */
export type ApiOptions = Shown & {
  readonly url?: string;
  readonly userId?: string;
  readonly apiKey?: string;
};

/** What every command that talks REST understands. */
export function apiOptions(command: Command): Command {
  return command
    .option('--url <url>', 'address of the server (ESIM_URL)')
    .option('--user-id <id>', 'x-user-id (ESIM_USER_ID)')
    .option('--api-key <key>', 'x-api-key; better in ESIM_API_KEY, where no shell history keeps it')
    .option('--json', 'write JSON to stdout');
}
