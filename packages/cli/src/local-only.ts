import type { Command } from 'commander';
import { helpText } from './command.ts';

/** Says in --help that a command opens the data of the server itself, why, and which call does the same from another machine. */
export function localOnly(command: Command, call: string): Command {
  return command.addHelpText(
    'after',
    helpText(
      `This works on the data of the server on this machine (ESIM_DATA_DIR or ESIM_DATABASE_URL) and needs no key, so that a server can be set up before there is one. From another machine, ${call} does the same with a key that has the permission server, and so does the console.`,
    ),
  );
}
