import { toBase64 } from '@esim-rsp/codec';
import type { CreateEUICCProfileRequest, ProfileLabels, ProfileParameters } from '@esim-rsp/sdk';
import { type Command, Option } from 'commander';
import { CliError, examples } from '../../command.ts';
import { show } from '../../output.ts';
import { askApi } from '../../rest/ask-api.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';
import { contentOf, parameterOptions, parametersFrom } from '../../rest/parameters.ts';

type Labels = {
  readonly serviceProviderName?: string;
  readonly profileName?: string;
  readonly profileClass?: NonNullable<ProfileLabels['profile_class']>;
  readonly profileType?: string;
};

/** `esim profile add`: puts a profile into stock. */
export function configure(command: Command): void {
  command.argument('[file]', 'profile package (DER); - for stdin. None: it is built from the parameters');
  parameterOptions(restOptions(command))
    .option('--service-provider-name <name>', 'what users see as its provider')
    .option('--profile-name <name>', 'what users see as its name')
    .addOption(
      new Option('--profile-class <class>', 'what it is for').choices([
        'test',
        'provisioning',
        'operational',
      ]),
    )
    .option('--profile-type <type>', 'your name for this kind of profile')
    .action(add);
  examples(command, {
    'esim profile add package.der --profile-name Travel': 'stock a finished package',
    'esim profile add --iccid 8900101000000001009 --imsi 001010000000100 --parameters keys.json':
      'build one; keys.json is {"ki": "…", "opc": "…"}',
    'esim profile add --parameters - < subscription.json': 'build one from stdin',
  });
}

async function add(file: string | undefined, options: RestOptions & Labels): Promise<void> {
  const request = await requestFrom(file, options);
  const { data } = await askApi(options, (api) => api.createEUICCProfile(request));
  const { iccid, state } = data;
  show(options, data, `The profile ${iccid} is ${state}. Order it: esim profile order ${iccid}`);
}

async function requestFrom(
  file: string | undefined,
  options: RestOptions & Labels,
): Promise<CreateEUICCProfileRequest> {
  const parameters = await parametersFrom(options);
  if (file !== undefined && parameters !== undefined)
    throw new CliError('give either a profile package or parameters: a package has its own', 2);
  const labels = labelsFrom(options);
  if (file !== undefined) return { profile_package: toBase64(await contentOf(file)), ...labels };
  return { parameters: complete(parameters ?? {}, options), ...labels };
}

function labelsFrom(options: Labels): ProfileLabels {
  const { serviceProviderName, profileName, profileClass, profileType } = options;
  return {
    ...(serviceProviderName !== undefined && { service_provider_name: serviceProviderName }),
    ...(profileName !== undefined && { profile_name: profileName }),
    ...(profileClass !== undefined && { profile_class: profileClass }),
    ...(profileType !== undefined && { profile_type: profileType }),
  };
}

/** The parameters with the provider's name, as far as it fits into the profile itself: 16 characters. */
function complete(
  parameters: Partial<ProfileParameters>,
  { serviceProviderName: name }: Labels,
): ProfileParameters {
  const { iccid, imsi, ki, opc } = parameters;
  if (iccid === undefined || imsi === undefined || ki === undefined || opc === undefined)
    throw new CliError(
      'give a profile package, or --iccid, --imsi, --ki and --opc (the last two also by --parameters)',
      2,
    );
  const provider = name !== undefined && name.length <= 16 ? { service_provider_name: name } : {};
  return { ...provider, ...parameters, iccid, imsi, ki, opc };
}
