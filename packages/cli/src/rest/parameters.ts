import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import type { ProfileParameters } from '@esim-rsp/sdk';
import {
  describeField,
  type ParameterField,
  type ParameterName,
  parameterFields,
} from '@esim-rsp/sgp22/profile/parameter-fields';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import { type Command, Option } from 'commander';
import { CliError } from '../command.ts';
import { readSecret, SECRET_FORMS } from '../secret-value.ts';
import { valueBy } from '../values.ts';

/** The parameters of a profile, as options. */
const flags = {
  iccid: '--iccid <digits>',
  imsi: '--imsi <digits>',
  ki: '--ki <hex>',
  opc: '--opc <hex>',
  algorithm: '--algorithm <name>',
  pin1: '--pin1 <pin>',
  pin2: '--pin2 <pin>',
  puk1: '--puk1 <puk>',
  puk2: '--puk2 <puk>',
  adm1: '--adm1 <code>',
  kic1: '--kic1 <hex>',
  kid1: '--kid1 <hex>',
  kik1: '--kik1 <hex>',
  kic2: '--kic2 <hex>',
  kid2: '--kid2 <hex>',
  kik2: '--kik2 <hex>',
  kic3: '--kic3 <hex>',
  kid3: '--kid3 <hex>',
  kik3: '--kik3 <hex>',
  mnc_length: '--mnc-length <count>',
  msisdn: '--msisdn <number>',
  smsc: '--smsc <number>',
} as const satisfies Record<ParameterName, string>;

const words: Partial<Record<ParameterName, string>> = {
  msisdn: 'the phone number: ',
  smsc: 'number of the short-message centre: ',
};

type Parameter = {
  readonly flag: string;
  readonly about: string;
  readonly pattern: RegExp;
  /** Errors never quote its value. */
  readonly secret: boolean;
};

const entries = (Object.keys(flags) as ParameterName[]).map((name): readonly [ParameterName, Parameter] => {
  const field: ParameterField = parameterFields[name];
  return [
    name,
    {
      flag: flags[name],
      about: `${words[name] ?? ''}${describeField(field)}${field.secret ? `; ${SECRET_FORMS}` : ''}`,
      pattern: new RegExp(field.pattern),
      secret: field.secret === true,
    },
  ];
});

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
  const values: [ParameterName, string | number][] = [];
  for (const [name, { flag, about, pattern, secret }] of entries) {
    const option = options[new Option(flag).attributeName()];
    if (typeof option !== 'string') continue;
    const [word = ''] = flag.split(' ');
    const value = secret ? await readSecret(word, option) : option;
    if (secret && !pattern.test(value)) throw new CliError(`${word} is not valid: expected ${about}`, 2);
    values.push([name, name === 'mnc_length' ? Number(value) : value]);
  }
  if (file === undefined && values.length === 0) return undefined;
  return { ...fromFile, ...Object.fromEntries(values) };
}

/** The content of a file, or of stdin. */
export async function contentOf(file: string): Promise<Buffer> {
  if (file === '-') return buffer(process.stdin);
  const path = file.startsWith('@') ? file.slice(1) : file; // as options for secrets are written
  try {
    return await readFile(path);
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
