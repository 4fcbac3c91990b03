import type { Command } from 'commander';
import { examples } from '../../command.ts';
import { show, table } from '../../output.ts';
import { askApi } from '../../rest/ask-api.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';

/** `esim type list`: counts the profiles of each type by state. */
export function configure(command: Command): void {
  restOptions(command).action(list);
  examples(command, {
    'esim type list': 'the stock of each type',
    'esim type list --json': 'the same, as JSON',
  });
}

async function list(options: RestOptions): Promise<void> {
  const { data } = await askApi(options, (api) => api.listProfileTypes());
  const rows = data.profile_types.map(({ states: { AVAILABLE = 0, ...others }, ...type }) => [
    type.profile_type,
    String(AVAILABLE),
    String(type.template_free_numbers ?? '-'),
    String(type.total),
    Object.entries(others)
      .map(([state, count]) => `${state} ${count}`)
      .join(', '),
  ]);
  show(options, data, table(['type', 'available', 'from template', 'total', 'others'], rows));
}
