import type { Command } from 'commander';
import { stepCommand } from '../../rest/step-command.ts';

/** `esim profile release`: releases a CONFIRMED profile and tells its activation code. */
export function configure(command: Command): void {
  stepCommand(command, 'release', 'it can be downloaded from now on', (api, iccid) =>
    api.releaseEUICCProfile(iccid),
  );
}
