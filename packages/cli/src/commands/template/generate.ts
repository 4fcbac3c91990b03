import type { Command } from 'commander';
import { CliError, examples } from '../../command.ts';
import { show } from '../../output.ts';
import { askApi } from '../../rest/ask-api.ts';
import { newKeysFile } from '../../rest/keys-file.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';
import { numberFrom } from '../../values.ts';

type Options = RestOptions & { readonly count: number; readonly keys: string };

/** As many as the API makes at a time. */
const TOGETHER = 250;

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

async function generate(type: string, options: Options): Promise<void> {
  const file = newKeysFile(options.keys);
  let made = 0;
  try {
    await askApi(options, async (api) => {
      while (made < options.count) {
        const count = Math.min(TOGETHER, options.count - made);
        const { data } = await api.generateFromProfileTemplate(type, { count });
        file.write(data.subscriptions ?? []);
        made += data.iccids.length;
      }
    });
  } catch (error) {
    if (error instanceof CliError && made > 0) throw new CliError(`${error.message}\n  ${made} are in stock`);
    throw error;
  } finally {
    file.close();
  }
  const keys = file.count > 0 ? options.keys : undefined;
  const told =
    keys === undefined ? 'Their keys are derived' : `Their keys are in ${keys}: nobody tells them again`;
  show(options, { count: made, ...(keys && { keys }) }, `${made} profiles are in stock. ${told}`);
}
