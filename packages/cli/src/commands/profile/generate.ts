import type { Command } from 'commander';
import { CliError, examples } from '../../command.ts';
import { show } from '../../output.ts';
import { askApi } from '../../rest/ask-api.ts';
import { type KeysFile, newKeysFile } from '../../rest/keys-file.ts';
import { type LabelOptions, labelOptions, labelsFrom } from '../../rest/labels.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';
import { type RangeOptions, rangeOptions, rangesFrom } from '../../rest/range-options.ts';
import { numberFrom } from '../../values.ts';

type Options = RestOptions & LabelOptions & RangeOptions & { readonly count: number; readonly keys: string };

/** As many as the API makes at a time. */
const TOGETHER = 250;

/** `esim profile generate`: makes subscriptions from ranges of numbers and stocks their profiles. */
export function configure(command: Command): void {
  rangeOptions(
    labelOptions(restOptions(command)).requiredOption('--count <n>', 'how many', numberFrom(1, 1_000_000)),
  )
    .requiredOption('--keys <file>', 'a new file for the keys, as CSV for the HLR: they are told once')
    .action(generate);
  examples(command, {
    'esim profile generate --count 1000 --iccid-start 890010177700000000 --imsi-start 001017770000000 --profile-type basic --keys hlr.csv':
      'a thousand subscriptions; hlr.csv has their keys',
  });
}

async function generate(options: Options): Promise<void> {
  const { count, keys } = options;
  const file = newKeysFile(keys);
  try {
    await generateInto(file, options);
  } catch (error) {
    if (error instanceof CliError && file.count > 0)
      throw new CliError(`${error.message}\n  ${file.count} are in stock; their keys are in ${keys}`);
    throw error;
  } finally {
    file.close();
  }
  const text = `${count} profiles are in stock. Their keys are in ${keys}: nobody tells them again`;
  show(options, { count, keys }, text);
}

async function generateInto(file: KeysFile, options: Options): Promise<void> {
  const labels = await labelsFrom(options);
  await askApi(options, async (api) => {
    while (file.count < options.count) {
      const count = Math.min(TOGETHER, options.count - file.count);
      const request = { ...rangesFrom(options, file.count), ...labels, count };
      file.write((await api.generateEUICCProfiles(request)).data.subscriptions);
    }
  });
}
