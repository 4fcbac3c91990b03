import type { Command } from 'commander';
import { examples } from '../../command.ts';
import { show } from '../../output.ts';
import { askApi } from '../../rest/ask-api.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';
import { numberFrom } from '../../values.ts';

type Options = RestOptions & { readonly lowStockAt: number | 'none' };

const limit = numberFrom(0, 1_000_000_000);

/** `esim type update`: sets the stock at which an alert is raised. */
export function configure(command: Command): void {
  restOptions(command)
    .argument('<type>', 'the profile type')
    .requiredOption(
      '--low-stock-at <n>',
      'number of AVAILABLE profiles at which an alert is raised; none: no alert',
      (text) => (text === 'none' ? text : limit(text)),
    )
    .action(update);
  examples(command, {
    'esim type update basic --low-stock-at 100': 'alert when 100 profiles are left',
    'esim type update basic --low-stock-at none': 'no alert about this type',
  });
}

async function update(type: string, { lowStockAt, ...options }: Options): Promise<void> {
  const request = { low_stock_at: lowStockAt === 'none' ? null : lowStockAt };
  const { data } = await askApi(options, (api) => api.updateProfileType(type, request));
  const text =
    data.low_stock_at === undefined
      ? `There is no alert about the stock of ${type}.`
      : `An alert is raised when ${data.low_stock_at} profiles of the type ${type} are AVAILABLE, or fewer.`;
  show(options, data, text);
}
