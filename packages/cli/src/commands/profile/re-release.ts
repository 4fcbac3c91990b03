import type { Command } from 'commander';
import { stepCommand } from '../../rest/step-command.ts';

/** `esim profile re-release`: lets a profile be downloaded once more. */
export function configure(command: Command): void {
  stepCommand(
    command,
    're-release',
    'after a failed or lost download, or as its reuse policy says',
    (api, iccid) => api.reReleaseEUICCProfile(iccid),
  );
}
