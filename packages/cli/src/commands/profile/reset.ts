import type { Command } from 'commander';
import { stepCommand } from '../../rest/step-command.ts';

/** `esim profile reset`: deletes the order of a profile and makes it AVAILABLE again. */
export function configure(command: Command): void {
  stepCommand(command, 'reset', 'delete its order and make it AVAILABLE again', (api, iccid) =>
    api.resetEUICCProfile(iccid),
  );
}
