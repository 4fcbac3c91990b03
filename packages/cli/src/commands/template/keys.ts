import { fromHex, toHex } from '@esim-rsp/codec';
import { deriveSecrets, masterKeyOf } from '@esim-rsp/sgp22/profile/derived-secrets';
import type { Command } from 'commander';
import { examples } from '../../command.ts';
import { jsonOf, type OutputOptions, writeLine } from '../../output.ts';
import { readMasterKey } from '../../rest/master-key.ts';
import { algorithmOption, digitsFrom, later, type RangeOptions } from '../../rest/range-options.ts';
import { numberFrom } from '../../values.ts';

type Options = OutputOptions &
  Pick<RangeOptions, 'algorithm'> & {
    readonly imsi: string;
    readonly count: number;
    readonly masterKey: string;
  };

/** `esim template keys`: derives the secrets of IMSIs from a master key, without a server. */
export function configure(command: Command): void {
  algorithmOption(
    command
      .requiredOption('--master-key <file>', 'a file with 32 hexadecimal digits; - for stdin')
      .requiredOption('--imsi <digits>', 'the first IMSI', digitsFrom(6, 15))
      .option('--count <n>', 'number of IMSIs', numberFrom(1, 1_000_000), 1),
  )
    .option('--json', 'write one JSON object per line')
    .action(derive);
  examples(command, {
    'esim template keys --master-key master.key --imsi 001017770000000 --count 1000 > hlr.csv':
      'the keys of a thousand subscriptions for the HLR; needs no server',
  });
}

async function derive({ imsi, count, masterKey, algorithm, json }: Options): Promise<void> {
  const master = masterKeyOf(fromHex(await readMasterKey(masterKey)));
  const known = algorithm === 'test' ? 'usim-test' : algorithm;
  for (let i = 0; i < count; i++) {
    const number = later(imsi, i);
    const { ki, opc, adm1, pin1, puk1, pin2, puk2, kic1, kid1, kik1 } = deriveSecrets(master, number, known);
    const row = {
      imsi: number,
      ki: toHex(ki),
      opc: toHex(opc),
      pin1,
      puk1,
      pin2,
      puk2,
      adm1: toHex(adm1),
      kic1: toHex(kic1),
      kid1: toHex(kid1),
      kik1: toHex(kik1),
    };
    if (i === 0 && !json) await writeLine(Object.keys(row).join(','));
    await writeLine(json ? jsonOf(row) : Object.values(row).join(','));
  }
}
