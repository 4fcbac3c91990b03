import type { Command } from 'commander';
import { examples } from '../../../command.ts';
import { configureChange } from '../../../phone/change-profile.ts';

/** `esim phone profile disable`: disables a profile. */
export function configure(command: Command): void {
  configureChange(command, { verb: 'disable', done: 'disabled' });
  examples(command, {
    'esim phone profile disable 8900101000000000019': 'disable the profile and notify the SM-DP+',
    'esim phone profile disable 8900101000000000019 --name second': 'on another phone',
  });
}
