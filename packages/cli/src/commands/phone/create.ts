import { curves } from '@esim-rsp/sgp22/crypto/ecdsa';
import { parseSmdpAddress } from '@esim-rsp/sgp22/value/activation-code';
import { parseEid } from '@esim-rsp/sgp22/value/eid';
import { type Command, Option } from 'commander';
import { examples } from '../../command.ts';
import { localConfig } from '../../local.ts';
import { show } from '../../output.ts';
import { endingClearly } from '../../phone/failure-text.ts';
import { createLocalPhone, type NewPhone } from '../../phone/new-phone.ts';
import { type PhoneOptions, phoneOptions } from '../../phone/options.ts';
import { valueBy } from '../../values.ts';

/** `esim phone create`: a virtual phone with an eUICC under the PKI of the server. */
export function configure(command: Command): void {
  phoneOptions(command)
    .option('--eid <eid>', 'EID of 32 digits; a random one if absent', valueBy(parseEid))
    .option('--pki <folder>', "folder of the PKI that issues it; the server's if absent")
    .option(
      '--default-smdp <address>',
      "default SM-DP+ address; the server's if absent",
      valueBy(parseSmdpAddress),
    )
    .addOption(new Option('--curve <curve>', 'only with certificates and a CI on it').choices([...curves]))
    .action(create);
  examples(command, {
    'esim phone create': 'create the phone that the demo has a default SM-DP+ order for',
    'esim phone create --name second': 'create another one, with a random EID',
    'esim phone create --name brainpool --curve brainpoolP256r1': 'create one that supports only this curve',
    'esim phone create --name lab --pki ./sgp26': 'create one under another CI',
  });
}

async function create(options: PhoneOptions & NewPhone): Promise<void> {
  const { eid, defaultDpAddress } = await endingClearly(options.name, () =>
    createLocalPhone(localConfig(), options),
  );
  const { name } = options;
  show(
    options,
    { name, eid, default_smdp_address: defaultDpAddress },
    `The phone '${name}' is ready. EID ${eid}, default SM-DP+ ${defaultDpAddress}`,
  );
}
