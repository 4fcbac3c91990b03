import type { Command } from 'commander';
import { stepCommand } from '../../rest/step-command.ts';

/** `esim profile re-release`: allows another download of a profile. */
export function configure(command: Command): void {
  stepCommand(
    command,
    're-release',
    'after a failed or lost download, or if the reuse policy allows it',
    (api, iccid) => api.reReleaseEUICCProfile(iccid),
  );
}
