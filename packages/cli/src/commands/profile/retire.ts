import type { Command } from 'commander';
import { stepCommand } from '../../rest/step-command.ts';

/** `esim profile retire`: takes a profile out of use. */
export function configure(command: Command): void {
  stepCommand(command, 'retire', 'it is UNAVAILABLE from now on', (api, iccid) =>
    api.retireEUICCProfile(iccid),
  );
}
