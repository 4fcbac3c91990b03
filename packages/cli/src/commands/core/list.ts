import type { Command } from 'commander';
import { examples } from '../../command.ts';
import { conditionOf } from '../../core/text.ts';
import { askApi } from '../../rest/ask-api.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';
import { type Columns, showTable, type TableOptions, tableOptions } from '../../table.ts';

const columns: Columns = {
  names: ['name', 'kind', 'url', 'when', 'condition'],
  none: "there are no core networks yet: see 'esim core add --help'",
};

/** `esim core list`: lists the core networks. */
export function configure(command: Command): void {
  tableOptions(restOptions(command), columns).action(list);
  examples(command, { 'esim core list': 'all core networks, and whether they take subscriptions' });
}

async function list(options: RestOptions & TableOptions): Promise<void> {
  const { data } = await askApi(options, (api) => api.listCoreNetworks());
  const rows = data.core_networks.map((core) => [
    core.name,
    core.kind,
    core.url ?? core.file ?? '',
    core.when,
    conditionOf(core),
  ]);
  showTable(options, data, columns, rows);
}
