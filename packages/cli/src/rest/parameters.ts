import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import type { ProfileParameters } from '@esim-rsp/sdk';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import { type Command, Option } from 'commander';
import { CliError } from '../command.ts';
import { valueBy } from '../values.ts';

type Parameter = {
  readonly flag: string;
  readonly about: string;
  readonly pattern: RegExp;
  /** Errors never quote its value. */
  readonly secret?: true;
};

const digits = (count: string) => new RegExp(`^\\d{${count}}$`);
const keyDigits = /^(?:[0-9a-f]{32}|[0-9a-f]{64})$/i;
const phoneNumber = /^\+?\d{1,20}$/;

/** The parameters of a profile, as options. The name of the service provider is a label too, so it is not here. */
const parameters: Readonly<Record<Exclude<keyof ProfileParameters, 'service_provider_name'>, Parameter>> = {
  iccid: { flag: '--iccid <digits>', about: '19 or 20 digits', pattern: digits('19,20') },
  imsi: { flag: '--imsi <digits>', about: '6 to 15 digits', pattern: digits('6,15') },
  ki: { flag: '--ki <hex>', about: '32 or 64 hexadecimal digits', pattern: keyDigits, secret: true },
  opc: {
    flag: '--opc <hex>',
    about: 'OPc, or TOPc for TUAK: 32 or 64 hexadecimal digits',
    pattern: keyDigits,
    secret: true,
  },
  algorithm: {
    flag: '--algorithm <name>',
    about: 'milenage (default), tuak or test',
    pattern: /^(?:milenage|tuak|test)$/,
  },
  pin1: {
    flag: '--pin1 <pin>',
    about: '4 to 8 digits; generated if absent',
    pattern: digits('4,8'),
    secret: true,
  },
  pin2: {
    flag: '--pin2 <pin>',
    about: '4 to 8 digits; generated if absent',
    pattern: digits('4,8'),
    secret: true,
  },
  puk1: { flag: '--puk1 <puk>', about: '8 digits; generated if absent', pattern: digits('8'), secret: true },
  puk2: { flag: '--puk2 <puk>', about: '8 digits; generated if absent', pattern: digits('8'), secret: true },
  adm1: {
    flag: '--adm1 <code>',
    about: '16 hexadecimal digits or 8 characters; generated if absent',
    pattern: /^(?:[0-9a-f]{16}|[\x21-\x7e]{8})$/i,
    secret: true,
  },
  mnc_length: {
    flag: '--mnc-length <count>',
    about: 'number of digits of the network code: 2 or 3; default: that of the country, if it has one only',
    pattern: /^[23]$/,
  },
  msisdn: { flag: '--msisdn <number>', about: 'the phone number', pattern: phoneNumber },
  smsc: { flag: '--smsc <number>', about: 'number of the short-message centre', pattern: phoneNumber },
};
const entries = Object.entries(parameters);

/** Adds an option for each parameter. */
export function parameterOptions(command: Command): Command {
  for (const [, { flag, about, pattern, secret }] of entries) {
    const option = new Option(flag, about);
    command.addOption(secret ? option : option.argParser(valueBy(matching(pattern, about))));
  }
  return command.option(
    '--parameters <file>',
    'JSON file with parameters, so that ki and opc stay out of the shell history; - for stdin',
  );
}

function matching(pattern: RegExp, expected: string): (text: string) => string {
  return (text) => {
    if (!pattern.test(text)) throw new ValueError(`expected: ${expected}`);
    return text;
  };
}

/** The parameters: those of the options, then those of the file. Undefined if there are none. */
export async function parametersFrom(
  options: Readonly<Record<string, unknown>>,
): Promise<Partial<ProfileParameters> | undefined> {
  const { parameters: file } = options;
  const fromFile = typeof file === 'string' ? jsonObject(await contentOf(file)) : {};
  const values = entries.flatMap(([name, { flag, about, pattern, secret }]) => {
    const value = options[new Option(flag).attributeName()];
    if (typeof value !== 'string') return [];
    if (secret && !pattern.test(value))
      throw new CliError(`${flag.split(' ')[0]} is not valid: expected ${about}`, 2);
    return [[name, name === 'mnc_length' ? Number(value) : value]];
  });
  if (file === undefined && values.length === 0) return undefined;
  return { ...fromFile, ...Object.fromEntries(values) };
}

/** The content of a file, or of stdin. */
export async function contentOf(file: string): Promise<Buffer> {
  if (file === '-') return buffer(process.stdin);
  try {
    return await readFile(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new CliError(`${file} cannot be read (${code})`);
  }
}

/** Errors quote nothing of the content, because it can contain keys. */
function jsonObject(content: Buffer): object {
  let value: unknown;
  try {
    value = JSON.parse(content.toString('utf8'));
  } catch {
    value = undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new CliError('the parameters must be one JSON object, such as {"ki": "…", "opc": "…"}', 2);
  return value;
}
