import type { RangeStarts, SubscriptionTerms } from '@esim-rsp/sdk';
import { algorithmNames } from '@esim-rsp/sgp22/profile/parameter-fields';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import { type Command, Option } from 'commander';
import { CliError } from '../command.ts';
import { valueBy } from '../values.ts';

/** The first numbers of the subscriptions, and the algorithm of their secrets. */
export type RangeOptions = {
  readonly iccidStart: string;
  readonly imsiStart: string;
  readonly msisdnStart?: string;
  readonly algorithm?: NonNullable<SubscriptionTerms['algorithm']>;
};

export function rangeOptions(command: Command): Command {
  return algorithmOption(
    command
      .requiredOption('--iccid-start <digits>', 'first ICCID without its check digit', digitsFrom(18, 19))
      .requiredOption('--imsi-start <digits>', 'first IMSI', digitsFrom(6, 15))
      .option('--msisdn-start <number>', 'first phone number'),
  );
}

export function algorithmOption(command: Command): Command {
  return command.addOption(
    new Option('--algorithm <name>', 'default: milenage').choices(Object.keys(algorithmNames)),
  );
}

/** The ranges after the first `skipped` numbers. */
export function rangesFrom(options: RangeOptions, skipped = 0): RangeStarts & SubscriptionTerms {
  const { iccidStart, imsiStart, msisdnStart, algorithm } = options;
  return {
    iccid_start: later(iccidStart, skipped),
    imsi_start: later(imsiStart, skipped),
    ...(msisdnStart !== undefined && { msisdn_start: later(msisdnStart, skipped) }),
    ...(algorithm !== undefined && { algorithm }),
  };
}

/** The number `count` after the first one. */
export function later(first: string, count: number): string {
  const [, plus = '', number = ''] = /^(\+?)(\d+)$/.exec(first) ?? [];
  if (number === '') throw new CliError(`${first} is not a number`, 2);
  return plus + String(BigInt(number) + BigInt(count)).padStart(number.length, '0');
}

export function digitsFrom(least: number, most: number): (text: string) => string {
  return valueBy((text) => {
    if (new RegExp(`^\\d{${least},${most}}$`).test(text)) return text;
    throw new ValueError(`${least} to ${most} digits are expected`);
  });
}
