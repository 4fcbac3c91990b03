import type { Command } from 'commander';
import { examples } from '../../../command.ts';
import { configureChange } from '../../../phone/change-profile.ts';

/** `esim phone profile enable`: enables a profile, and disables the previous one. */
export function configure(command: Command): void {
  configureChange(command, { verb: 'enable', done: 'enabled' });
  examples(command, {
    'esim phone profile enable 8900101000000000019': 'enable the profile and notify the SM-DP+',
    'esim phone profile enable 8900101000000000019 --no-notify': 'keep the notification for later',
  });
}
