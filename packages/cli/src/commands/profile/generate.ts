import type { Command } from 'commander';
import { examples } from '../../command.ts';
import { show } from '../../output.ts';
import { type GenerateOptions, generateMany } from '../../rest/generate-many.ts';
import { type LabelOptions, labelOptions, labelsFrom } from '../../rest/labels.ts';
import { restOptions } from '../../rest/options.ts';
import { type RangeOptions, rangeOptions, rangesFrom } from '../../rest/range-options.ts';
import { numberFrom } from '../../values.ts';

type Options = GenerateOptions & LabelOptions & RangeOptions;

/** `esim profile generate`: creates profiles with new keys from ranges of numbers. */
export function configure(command: Command): void {
  rangeOptions(
    labelOptions(restOptions(command)).requiredOption(
      '--count <n>',
      'number of profiles',
      numberFrom(1, 1_000_000),
    ),
  )
    .requiredOption('--keys <file>', 'new file for the keys, as CSV for the HLR; they are shown once')
    .action(generate);
  examples(command, {
    'esim profile generate --count 1000 --iccid-start 890010177700000000 --imsi-start 001017770000000 --profile-type basic --keys hlr.csv':
      'create a thousand profiles; hlr.csv has their keys',
  });
}

async function generate(options: Options): Promise<void> {
  const { count, keys } = options;
  const labels = await labelsFrom(options);
  await generateMany(options, async (api, count, created) => {
    const request = { ...rangesFrom(options, created), ...labels, count };
    return (await api.generateEUICCProfiles(request)).data.subscriptions;
  });
  const text = `${count} profiles are in stock. Their keys are in ${keys}; they are not shown again`;
  show(options, { count, keys }, text);
}
