import type { Command } from 'commander';
import { examples } from '../../command.ts';
import { configureChange } from '../../phone/change-profile.ts';

/** `esim phone disable`: disables a profile. */
export function configure(command: Command): void {
  configureChange(command, { verb: 'disable', done: 'disabled' });
  examples(command, {
    'esim phone disable 8900101000000000019': 'disable the profile and notify the SM-DP+',
    'esim phone disable 8900101000000000019 --name second': 'on another phone',
  });
}
