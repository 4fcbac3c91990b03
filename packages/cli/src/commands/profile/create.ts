import { toBase64 } from '@esim-rsp/codec';
import type { CreateEUICCProfileRequest, ProfileParameters, ProfileProtection } from '@esim-rsp/sdk';
import { protections } from '@esim-rsp/smdp/state/profile';
import { type Command, Option } from 'commander';
import { CliError, examples } from '../../command.ts';
import { show } from '../../output.ts';
import { askApi } from '../../rest/ask-api.ts';
import { type LabelOptions, labelOptions, labelsFrom } from '../../rest/labels.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';
import { contentOf, parameterOptions, parametersFrom } from '../../rest/parameters.ts';

type Options = RestOptions & LabelOptions & { readonly protection?: ProfileProtection };

/** `esim profile create`: creates a profile, AVAILABLE. */
export function configure(command: Command): void {
  command.argument('[file]', 'profile package (DER); - for stdin. None: it is built from the parameters');
  labelOptions(parameterOptions(restOptions(command)))
    .addOption(
      new Option(
        '--protection <keys>',
        'of a package: ppk, under keys of its own, once (unless given), or session_keys, anew in each download',
      ).choices(protections),
    )
    .action(create);
  examples(command, {
    'esim profile create package.der --profile-name Travel': 'create it from a finished package',
    'esim profile create --iccid 8900101000000001009 --imsi 001010000000100 --parameters keys.json':
      'build one; keys.json is {"ki": "…", "opc": "…"}',
    'esim profile create package.der --icon logo.png --owner 26201 --policy-rules ppr1 --notify install,delete':
      'with an icon and a rule; two events are reported',
    'esim profile create --parameters - < subscription.json': 'build one from stdin',
  });
}

async function create(file: string | undefined, options: Options): Promise<void> {
  const request = await requestFrom(file, options);
  const { data } = await askApi(options, (api) => api.createEUICCProfile(request));
  const { iccid, state } = data;
  show(options, data, `The profile ${iccid} is ${state}. Order it: esim profile order ${iccid}`);
}

async function requestFrom(file: string | undefined, options: Options): Promise<CreateEUICCProfileRequest> {
  const parameters = await parametersFrom(options);
  if (file !== undefined && parameters !== undefined)
    throw new CliError('give either a profile package or parameters: a package has its own', 2);
  const labels = await labelsFrom(options);
  const { protection } = options;
  if (file !== undefined) {
    const profile_package = toBase64(await contentOf(file));
    return { profile_package, ...(protection !== undefined && { protection }), ...labels };
  }
  if (protection === 'ppk')
    throw new CliError('--protection ppk is for packages: this profile is built anew in each download', 2);
  return { parameters: complete(parameters ?? {}, options), ...labels };
}

/** The parameters with the provider's name, as far as it fits into the profile itself: 16 characters. */
function complete(
  parameters: Partial<ProfileParameters>,
  { serviceProviderName: name }: LabelOptions,
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
