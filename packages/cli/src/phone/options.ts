import type { Command } from 'commander';
import type { Shown } from '../output.ts';
import { valueBy } from '../values.ts';
import { defaultPhone, phoneName } from './phone-file.ts';

export type PhoneOptions = Shown & { readonly name: string };

/** What every `esim phone` command understands. */
export function phoneOptions(command: Command): Command {
  return command
    .option('--name <name>', 'which phone, if there are several', valueBy(phoneName), defaultPhone)
    .option('--json', 'write JSON to stdout');
}
