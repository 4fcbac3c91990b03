import type { Command } from 'commander';
import { examples } from '../../command.ts';
import { show } from '../../output.ts';
import { type GenerateOptions, generateMany } from '../../rest/generate-many.ts';
import { restOptions } from '../../rest/options.ts';
import { numberFrom } from '../../values.ts';

/** `esim template generate`: creates profiles with the next numbers of a template. */
export function configure(command: Command): void {
  restOptions(command)
    .argument('<type>', 'the profile type')
    .requiredOption('--count <n>', 'number of profiles', numberFrom(1, 1_000_000))
    .requiredOption('--keys <file>', 'new file for generated keys, as CSV for the HLR')
    .action(generate);
  examples(command, {
    'esim template generate trial --count 50 --keys hlr.csv': 'create fifty profiles; hlr.csv has their keys',
  });
}

async function generate(type: string, options: GenerateOptions): Promise<void> {
  const { count } = options;
  const saved = await generateMany(options, async (api, count) => {
    const { data } = await api.generateFromProfileTemplate(type, { count });
    return data.subscriptions ?? [];
  });
  const keys = saved > 0 ? options.keys : undefined;
  const where =
    keys === undefined ? 'Their keys are derived' : `Their keys are in ${keys}; they are not shown again`;
  show(options, { count, ...(keys && { keys }) }, `${count} profiles are in stock. ${where}`);
}
