import type { Command } from 'commander';
import { examples } from '../../command.ts';

import { askApi } from '../../rest/ask-api.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';
import { type Columns, showTable, type TableOptions, tableOptions } from '../../table.ts';

const columns: Columns = {
  names: ['type', 'available', 'from template', 'total', 'others'],
  dropFirst: ['from template', 'total'],
  none: "no profile has a type: see --profile-type of 'esim profile create --help'",
};

/** `esim type list`: counts the profiles of each type by state. */
export function configure(command: Command): void {
  tableOptions(restOptions(command), columns).action(list);
  examples(command, {
    'esim type list': 'the stock of each type',
    'esim type list --json': 'the same, as JSON',
  });
}

async function list(options: RestOptions & TableOptions): Promise<void> {
  const types = await askApi(options, (api) => Array.fromAsync(api.listProfileTypes()));
  const data = { total: types.length, profile_types: types };
  const rows = types.map(({ states: { AVAILABLE = 0, ...others }, ...type }) => [
    type.profile_type,
    String(AVAILABLE),
    String(type.template_free_numbers ?? '-'),
    String(type.total),
    Object.entries(others)
      .map(([state, count]) => `${state} ${count}`)
      .join(', '),
  ]);
  showTable(options, data, columns, rows);
}
