import type { Command } from 'commander';
import { stepCommand } from '../../rest/step-command.ts';

/** `esim profile retire`: makes a profile UNAVAILABLE. */
export function configure(command: Command): void {
  stepCommand(command, 'retire', 'the profile is UNAVAILABLE', (api, iccid) => api.retireEUICCProfile(iccid));
}
