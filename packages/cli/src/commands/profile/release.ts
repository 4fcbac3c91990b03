import type { Command } from 'commander';
import { stepCommand } from '../../rest/step-command.ts';

/** `esim profile release`: releases a CONFIRMED profile and prints its activation code. */
export function configure(command: Command): void {
  stepCommand(command, 'release', 'the profile can be downloaded', (api, iccid) =>
    api.releaseEUICCProfile(iccid),
  );
}
