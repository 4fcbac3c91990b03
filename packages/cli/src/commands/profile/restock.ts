import type { Command } from 'commander';
import { stepCommand } from '../../rest/step-command.ts';

/** `esim profile restock`: puts a profile back into stock. */
export function configure(command: Command): void {
  stepCommand(command, 'restock', 'it is AVAILABLE again, without its order', (api, iccid) =>
    api.restockEUICCProfile(iccid),
  );
}
