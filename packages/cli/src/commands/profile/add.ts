import { readFile } from 'node:fs/promises';
import { buffer, text as textOf } from 'node:stream/consumers';
import type {
  CreateEUICCProfileRequest,
  ProfileClass,
  ProfileLabels,
  ProfileParameters,
} from '@esim-rsp/sdk';
import type { Command } from 'commander';
import { CliError, examples } from '../../command.ts';
import { show } from '../../output.ts';
import { asking } from '../../rest/api.ts';
import { type ApiOptions, apiOptions } from '../../rest/options.ts';
import { profileClasses } from '../../rest/words.ts';
import { iccidArgument, oneOf } from '../../values.ts';

type Labels = {
  readonly serviceProviderName?: string;
  readonly profileName?: string;
  readonly profileClass?: ProfileClass;
  readonly profileType?: string;
};

type Options = ApiOptions &
  Labels & {
    readonly parameters?: string;
    readonly iccid?: string;
    readonly imsi?: string;
    readonly ki?: string;
    readonly opc?: string;
    readonly algorithm?: string;
    readonly pin1?: string;
    readonly pin2?: string;
    readonly puk1?: string;
    readonly puk2?: string;
    readonly adm1?: string;
    readonly spn?: string;
    readonly mncLength?: string;
    readonly msisdn?: string;
    readonly smsc?: string;
  };

/** `esim profile add`: stocks a profile, from a package or from parameters. */
export function configure(command: Command): void {
  apiOptions(command)
    .argument('[file]', 'unprotected profile package in DER; - for stdin')
    .option('--parameters <file>', 'JSON of parameters to build a package from; - for stdin')
    .option('--iccid <iccid>', 'build a package: its ICCID', iccidArgument)
    .option('--imsi <imsi>', 'its IMSI')
    .option('--ki <hex>', 'its Ki; better in --parameters, where no shell history keeps it')
    .option('--opc <hex>', 'its OPc or TOPc')
    .option('--algorithm <name>', 'milenage, tuak or test')
    .option('--pin1 <digits>')
    .option('--pin2 <digits>')
    .option('--puk1 <digits>')
    .option('--puk2 <digits>')
    .option('--adm1 <value>', '16 hexadecimal digits or 8 characters')
    .option('--spn <name>', 'the name on the SIM itself')
    .option('--mnc-length <number>', '2 or 3 digits of network code')
    .option('--msisdn <number>')
    .option('--smsc <number>')
    .option('--service-provider-name <name>', 'what the phone shows before the download')
    .option('--profile-name <name>', 'the same')
    .option('--profile-class <class>', profileClasses.join(', '), oneOf(profileClasses))
    .option('--profile-type <name>', "the operator's name for this kind of profile")
    .action(add);
  examples(command, {
    'esim profile add package.der --profile-name Travel': 'stock a finished package',
    'esim profile add --parameters subscription.json': 'build one from {"iccid":…,"imsi":…,"ki":…,"opc":…}',
    'esim profile add --iccid <iccid> --imsi <imsi> --ki <hex> --opc <hex>': 'build one from options',
  });
}

async function add(file: string | undefined, options: Options): Promise<void> {
  const request = await requestFrom(file, options);
  const { data } = await asking(options, (api) => api.createEUICCProfile(request));
  const next = `order it: esim profile order ${data.iccid}`;
  show(options, data, `${data.iccid} is ${data.state}, IMSI ${data.imsi}\n${next}`);
}

async function requestFrom(file: string | undefined, options: Options): Promise<CreateEUICCProfileRequest> {
  const built = options.parameters !== undefined || options.iccid !== undefined;
  if ((file !== undefined) === built)
    throw new CliError('say either a package FILE, or --parameters or --iccid … to build one', 2);
  if (file === undefined) return { parameters: await parametersFrom(options), ...labelsFrom(options) };
  const profilePackage = await (file === '-' ? buffer(process.stdin) : readFile(file)).catch(
    unreadable(file),
  );
  return { profile_package: profilePackage.toString('base64'), ...labelsFrom(options) };
}

/** Parameters of the file, with those of the options over them. The server says what is missing or wrong. */
async function parametersFrom(options: Options): Promise<ProfileParameters> {
  const {
    parameters: path,
    mncLength,
    spn,
    iccid,
    imsi,
    ki,
    opc,
    algorithm,
    pin1,
    pin2,
    puk1,
    puk2,
    adm1,
    msisdn,
    smsc,
  } = options;
  const fromFile = path === undefined ? {} : await jsonIn(path);
  const plain = {
    iccid,
    imsi,
    ki,
    opc,
    algorithm,
    pin1,
    pin2,
    puk1,
    puk2,
    adm1,
    msisdn,
    smsc,
    service_provider_name: spn,
  };
  const given = Object.entries(plain).filter(([, value]) => value !== undefined);
  return {
    ...fromFile,
    ...Object.fromEntries(given),
    ...(mncLength !== undefined && { mnc_length: Number(mncLength) }),
  } as ProfileParameters;
}

async function jsonIn(path: string): Promise<object> {
  const content = await (path === '-' ? textOf(process.stdin) : readFile(path, 'utf8')).catch(
    unreadable(path),
  );
  try {
    const value: unknown = JSON.parse(content);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // not quoted: it holds keys
  }
  throw new CliError(`${path} is no JSON object of parameters`, 2);
}

function unreadable(path: string): (error: NodeJS.ErrnoException) => never {
  return ({ code }) => {
    throw new CliError(`${path} cannot be read (${code})`, 2);
  };
}

function labelsFrom({ serviceProviderName, profileName, profileClass, profileType }: Labels): ProfileLabels {
  return {
    ...(serviceProviderName !== undefined && { service_provider_name: serviceProviderName }),
    ...(profileName !== undefined && { profile_name: profileName }),
    ...(profileClass !== undefined && { profile_class: profileClass }),
    ...(profileType !== undefined && { profile_type: profileType }),
  };
}
