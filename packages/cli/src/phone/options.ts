import { parsePhoneName } from '@esim-rsp/phone';
import type { Command } from 'commander';
import type { OutputOptions } from '../output.ts';
import { valueBy } from '../values.ts';

/** The phone that a command uses without `--name`. */
export const defaultPhone = 'phone';

export type PhoneOptions = OutputOptions & { readonly name: string };

/** Adds the options that every `esim phone` command has. */
export function phoneOptions(command: Command): Command {
  return command
    .option('--name <name>', 'name of the phone', valueBy(parsePhoneName), defaultPhone)
    .option('--json', 'write JSON to stdout');
}
