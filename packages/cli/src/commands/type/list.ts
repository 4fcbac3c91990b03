import type { Command } from 'commander';
import { examples } from '../../command.ts';
import { show, table } from '../../output.ts';
import { askApi } from '../../rest/ask-api.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';

/** `esim type list`: how many profiles of each type are in which state. */
export function configure(command: Command): void {
  restOptions(command).action(list);
  examples(command, {
    'esim type list': 'what is in stock, by type',
    'esim type list --json': 'the same, for programs',
  });
}

async function list(options: RestOptions): Promise<void> {
  const { data } = await askApi(options, (api) => api.listProfileTypes());
  const rows = data.profile_types.map(({ states: { AVAILABLE = 0, ...others }, ...type }) => [
    type.profile_type,
    String(AVAILABLE),
    String(type.template_numbers_left ?? '-'),
    String(type.total),
    Object.entries(others)
      .map(([state, count]) => `${state} ${count}`)
      .join(', '),
  ]);
  show(options, data, table(['type', 'available', 'to make', 'total', 'others'], rows));
}
