import type { Command } from 'commander';
import { CliError, examples } from '../../command.ts';
import { fields, show } from '../../output.ts';
import { askApi } from '../../rest/ask-api.ts';
import { type LabelOptions, labelOptions, labelsFrom } from '../../rest/labels.ts';
import { readMasterKey } from '../../rest/master-key.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';
import { type RangeOptions, rangeOptions, rangesFrom } from '../../rest/range-options.ts';
import { templateFields } from '../../rest/template-text.ts';
import { numberFrom } from '../../values.ts';

type Options = RestOptions &
  LabelOptions &
  RangeOptions & { readonly size: number; readonly masterKey?: string };

/** `esim template create`: creates the template from which orders create profiles when none is in stock. */
export function configure(command: Command): void {
  rangeOptions(labelOptions(restOptions(command)))
    .requiredOption('--size <n>', 'number of profiles that the ranges allow', numberFrom(1, 10_000_000))
    .option(
      '--master-key <file>',
      'file with a master key of 32 hexadecimal digits (- for stdin), from which keys are derived; without it keys are generated for each order',
    )
    .action(create);
  examples(command, {
    'esim template create --profile-type basic --size 100000 --iccid-start 890010177700000000 --imsi-start 001017770000000 --master-key master.key':
      "a hundred thousand numbers; 'esim template keys' derives the keys for the HLR",
    'esim template create --profile-type trial --size 100 --iccid-start 890010178800000000 --imsi-start 001017880000000':
      'keys are generated, and shown once in the answer to the order',
  });
}

async function create({ size, masterKey, ...options }: Options): Promise<void> {
  const { profile_type, ...labels } = await labelsFrom(options);
  if (profile_type === undefined)
    throw new CliError('--profile-type is missing: set the type of the template', 2);
  const secret = masterKey === undefined ? {} : { master_key: await readMasterKey(masterKey) };
  const request = { profile_type, size, ...rangesFrom(options), ...labels, ...secret };
  const { data } = await askApi(options, (api) => api.createProfileTemplate(request));
  show(options, data, fields(templateFields(data)));
}
