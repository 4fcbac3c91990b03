import { toBase64 } from '@esim-rsp/codec';
import type { CreateEUICCProfileRequest, ProfileParameters, ProfileProtection } from '@esim-rsp/sdk';
import { fitsServiceProviderName } from '@esim-rsp/sgp22/profile/build';
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
  command.argument(
    '[file]',
    'profile package (DER); - for stdin. Without a file, the server builds the package from the parameters',
  );
  labelOptions(parameterOptions(restOptions(command)))
    .addOption(
      new Option(
        '--protection <keys>',
        'of a package: ppk (default): protect it once with its own keys; session_keys: protect it again for each download',
      ).choices(protections),
    )
    .action(create);
  examples(command, {
    'esim profile create package.der --profile-name Travel': 'create it from a profile package',
    'esim profile create --iccid 8900101000000001009 --imsi 001010000000100 --parameters keys.json':
      'create it from parameters; keys.json is {"ki": "…", "opc": "…"}',
    'esim profile create package.der --icon logo.png --owner 26201 --policy-rules ppr1 --notify install,delete':
      'with an icon and a rule; the device reports two events',
    'esim profile create --parameters - < subscription.json': 'create it from parameters on stdin',
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
    throw new CliError('use either a profile package or parameters: a package has its own parameters', 2);
  const labels = await labelsFrom(options);
  const { protection } = options;
  if (file !== undefined) {
    const profile_package = toBase64(await contentOf(file));
    return { profile_package, ...(protection !== undefined && { protection }), ...labels };
  }
  if (protection === 'ppk')
    throw new CliError(
      '--protection ppk is for packages: without a package, the server builds the profile again for each download',
      2,
    );
  return { parameters: complete(parameters ?? {}, options), ...labels };
}

/** The parameters with the provider's name, if it fits into the profile itself (EF.SPN). */
function complete(
  parameters: Partial<ProfileParameters>,
  { serviceProviderName: name }: LabelOptions,
): ProfileParameters {
  const { iccid, imsi, ki, opc } = parameters;
  if (iccid === undefined || imsi === undefined || ki === undefined || opc === undefined)
    throw new CliError(
      'name a profile package, or set --iccid, --imsi, --ki and --opc (or put them into the --parameters file)',
      2,
    );
  const provider = name !== undefined && fitsServiceProviderName(name) ? { service_provider_name: name } : {};
  return { ...provider, ...parameters, iccid, imsi, ki, opc };
}
