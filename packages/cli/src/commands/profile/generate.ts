import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import type { ESIMRSPApi, GeneratedSubscription, GenerateEUICCProfilesRequest } from '@esim-rsp/sdk';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import type { Command } from 'commander';
import { CliError, examples } from '../../command.ts';
import { show } from '../../output.ts';
import { askApi } from '../../rest/ask-api.ts';
import { type LabelOptions, labelOptions, labelsFrom } from '../../rest/labels.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';
import { numberFrom, valueBy } from '../../values.ts';

type Options = RestOptions &
  LabelOptions & {
    readonly count: number;
    readonly iccidStart: string;
    readonly imsiStart: string;
    readonly msisdnStart?: string;
    readonly algorithm?: 'milenage' | 'tuak' | 'test';
    readonly keys: string;
  };

/** As many as the API makes at a time. */
const TOGETHER = 250;

/** `esim profile generate`: makes subscriptions from ranges of numbers and stocks their profiles. */
export function configure(command: Command): void {
  labelOptions(restOptions(command))
    .requiredOption('--count <n>', 'how many', numberFrom(1, 1_000_000))
    .requiredOption(
      '--iccid-start <digits>',
      'first ICCID without its check digit, which is added',
      digits(18, 19),
    )
    .requiredOption('--imsi-start <digits>', 'first IMSI', digits(6, 15))
    .option('--msisdn-start <number>', 'first phone number')
    .option('--algorithm <name>', 'milenage (unless given), tuak or test')
    .requiredOption('--keys <file>', 'a new file for the keys, as CSV for the HLR: they are told once')
    .action(generate);
  examples(command, {
    'esim profile generate --count 1000 --iccid-start 890010177700000000 --imsi-start 001017770000000 --profile-type basic --keys hlr.csv':
      'a thousand subscriptions; hlr.csv has their keys',
  });
}

async function generate(options: Options): Promise<void> {
  const labels = await labelsFrom(options);
  const file = newFile(options.keys);
  let made = 0;
  try {
    writeSync(file, `${columns.join(',')}\n`);
    await askApi(options, async (api) => {
      for (; made < options.count; made += TOGETHER) {
        const count = Math.min(TOGETHER, options.count - made);
        for (const one of await batch(api, { ...requestFrom(options, made), ...labels, count }))
          writeSync(file, `${columns.map((name) => one[name] ?? '').join(',')}\n`);
      }
    });
  } catch (error) {
    if (made === 0) rmSync(options.keys);
    if (error instanceof CliError && made > 0)
      throw new CliError(`${error.message}\n  ${made} are in stock; their keys are in ${options.keys}`);
    throw error;
  } finally {
    closeSync(file);
  }
  const { count, keys } = options;
  show(
    options,
    { count, keys },
    `${count} profiles are in stock. Their keys are in ${keys}: nobody tells them again`,
  );
}

async function batch(
  api: ESIMRSPApi,
  request: GenerateEUICCProfilesRequest,
): Promise<readonly GeneratedSubscription[]> {
  return (await api.generateEUICCProfiles(request)).data.subscriptions;
}

function requestFrom(options: Options, skipped: number): Omit<GenerateEUICCProfilesRequest, 'count'> {
  const { iccidStart, imsiStart, msisdnStart, algorithm } = options;
  return {
    iccid_start: later(iccidStart, skipped),
    imsi_start: later(imsiStart, skipped),
    ...(msisdnStart !== undefined && { msisdn_start: later(msisdnStart, skipped) }),
    ...(algorithm !== undefined && { algorithm }),
  };
}

/** The number so many after a first one. */
function later(first: string, count: number): string {
  const [, plus = '', number = ''] = /^(\+?)(\d+)$/.exec(first) ?? [];
  if (number === '') throw new CliError(`${first} is no number`, 2);
  return plus + String(BigInt(number) + BigInt(count)).padStart(number.length, '0');
}

const columns = [
  'iccid',
  'imsi',
  'msisdn',
  'algorithm',
  'ki',
  'opc',
  'pin1',
  'puk1',
  'pin2',
  'puk2',
  'adm1',
] as const;

/** For its owner alone. A file that is there is not written over: it may hold keys that exist nowhere else. */
function newFile(path: string): number {
  try {
    return openSync(path, 'wx', 0o600);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CliError(
      code === 'EEXIST'
        ? `${path} is there already: name a new file, so that no keys are lost`
        : `${path} cannot be written (${code})`,
    );
  }
}

function digits(least: number, most: number): (text: string) => string {
  return valueBy((text) => {
    if (new RegExp(`^\\d{${least},${most}}$`).test(text)) return text;
    throw new ValueError(`${least} to ${most} digits are expected`);
  });
}
