import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import { type Command, InvalidArgumentError } from 'commander';
import type { Shown } from '../output.ts';
import { defaultPhone, phoneName } from './phone-file.ts';

export type PhoneOptions = Shown & { readonly name: string };

/** What every `esim phone` command understands. */
export function phoneOptions(command: Command): Command {
  return command
    .option('--name <name>', 'which phone, if there are several', valueBy(phoneName), defaultPhone)
    .option('--json', 'write JSON to stdout');
}

export const iccidArgument = valueBy(parseIccid);

/** Reads the value of an option or argument; a bad one is wrong usage. */
export function valueBy<T>(read: (text: string) => T): (text: string) => T {
  return (text) => {
    try {
      return read(text);
    } catch (error) {
      if (error instanceof ValueError) throw new InvalidArgumentError(error.message);
      throw error;
    }
  };
}
