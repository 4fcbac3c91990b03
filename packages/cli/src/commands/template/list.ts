import type { Command } from 'commander';
import { examples } from '../../command.ts';

import { askApi } from '../../rest/ask-api.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';
import { type Columns, showTable, type TableOptions, tableOptions } from '../../table.ts';

const columns: Columns = {
  names: ['type', 'free', 'size', 'keys', 'name'],
  dropFirst: ['keys', 'size'],
  none: "there are no templates: see 'esim template create --help'",
};

/** `esim template list`: lists the templates of the account. */
export function configure(command: Command): void {
  tableOptions(restOptions(command), columns).action(list);
  examples(command, { 'esim template list': 'all templates, with the free numbers of each' });
}

async function list(options: RestOptions & TableOptions): Promise<void> {
  const { data } = await askApi(options, (api) => api.listProfileTemplates());
  const rows = data.profile_templates.map(({ profile_type, free_numbers, size, keys, profile_name = '' }) => [
    profile_type,
    String(free_numbers),
    String(size),
    keys,
    profile_name,
  ]);
  showTable(options, data, columns, rows);
}
