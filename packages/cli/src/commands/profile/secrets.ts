import { type EUICCProfileSecretsResponse, type ProfileSecretKind, profileSecretKinds } from '@esim-rsp/sdk';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import { type Command, Option } from 'commander';
import { examples } from '../../command.ts';
import { fields, show } from '../../output.ts';
import { askApi } from '../../rest/ask-api.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';
import { iccidArgument, valueBy } from '../../values.ts';

type Options = RestOptions & { readonly kinds: ProfileSecretKind[] };

/** `esim profile secrets`: reads secrets of a profile. The server writes it into its audit log. */
export function configure(command: Command): void {
  restOptions(command)
    .argument('<iccid>', 'the profile', iccidArgument)
    .addOption(
      new Option(
        '--kinds <list>',
        `what to read, separated by commas: ${profileSecretKinds.join(', ')}; adm1 and ota_keys need a key with admin`,
      )
        .argParser(valueBy(kindsFrom))
        .default(['pin', 'puk'], 'pin,puk'),
    )
    .action(secrets);
  examples(command, {
    'esim profile secrets 8900101000000000017': 'PINs and PUKs, for a customer who has forgotten them',
    'esim profile secrets 8900101000000000017 --kinds adm1,ota_keys --json': 'what an OTA platform needs',
  });
}

function kindsFrom(text: string): ProfileSecretKind[] {
  return text.split(',').map((word) => {
    const kind = profileSecretKinds.find((one) => one === word);
    if (kind === undefined) throw new ValueError(`some of ${profileSecretKinds.join(',')} are expected`);
    return kind;
  });
}

async function secrets(iccid: Iccid, { kinds, ...options }: Options): Promise<void> {
  const { data } = await askApi(options, (api) => api.readEUICCProfileSecrets(iccid, { kinds }));
  show(options, data, fields(linesOf(data)));
}

function linesOf({ ota_keys = [], ...codes }: EUICCProfileSecretsResponse): (readonly [string, string])[] {
  const keys = ota_keys.flatMap(({ keyset, ...three }) =>
    Object.entries(three).map(([name, value]) => [`${name}${keyset}`, String(value)] as const),
  );
  return [...Object.entries(codes), ...keys];
}
