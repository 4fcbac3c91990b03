import type { Command } from 'commander';
import { examples } from '../../../command.ts';
import { configureChange } from '../../../phone/change-profile.ts';

/** `esim phone profile delete`: deletes a disabled profile from the phone. */
export function configure(command: Command): void {
  configureChange(command, { verb: 'delete', done: 'deleted' });
  examples(command, {
    'esim phone profile delete 8900101000000000019': 'delete the profile and notify the SM-DP+',
    'esim phone profile delete 8900101000000000019 --json': 'the same, with the result as JSON',
  });
}
