import type { Command } from 'commander';
import { examples } from '../../command.ts';
import { show } from '../../output.ts';
import { type GenerateOptions, generateMany } from '../../rest/generate-many.ts';
import { restOptions } from '../../rest/options.ts';
import { numberFrom } from '../../values.ts';

/** `esim template generate`: stocks profiles from the next numbers of a template. */
export function configure(command: Command): void {
  restOptions(command)
    .argument('<type>', 'the profile type')
    .requiredOption('--count <n>', 'how many', numberFrom(1, 1_000_000))
    .requiredOption('--keys <file>', 'a new file for keys that are drawn, as CSV for the HLR')
    .action(generate);
  examples(command, {
    'esim template generate trial --count 50 --keys hlr.csv': 'fifty more in stock; hlr.csv has their keys',
  });
}

async function generate(type: string, options: GenerateOptions): Promise<void> {
  const { count } = options;
  const told = await generateMany(options, async (api, count) => {
    const { data } = await api.generateFromProfileTemplate(type, { count });
    return data.subscriptions ?? [];
  });
  const keys = told > 0 ? options.keys : undefined;
  const where =
    keys === undefined ? 'Their keys are derived' : `Their keys are in ${keys}: nobody tells them again`;
  show(options, { count, ...(keys && { keys }) }, `${count} profiles are in stock. ${where}`);
}
