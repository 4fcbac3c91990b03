import type { Command } from 'commander';
import { examples } from '../../command.ts';
import { askApi } from '../../rest/ask-api.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';
import { conditionOf } from '../../rest/webhook-text.ts';
import { type Columns, showTable, type TableOptions, tableOptions } from '../../table.ts';

const columns: Columns = {
  names: ['id', 'url', 'condition'],
  none: "there are no webhooks yet: see 'esim webhook create --help'",
};

/** `esim webhook list`: lists the webhooks. */
export function configure(command: Command): void {
  tableOptions(restOptions(command), columns).action(list);
  examples(command, { 'esim webhook list': 'all webhooks and their condition' });
}

async function list(options: RestOptions & TableOptions): Promise<void> {
  const { data } = await askApi(options, (api) => api.listWebhooks());
  const rows = data.webhooks.map((one) => [one.id, one.url, conditionOf(one)]);
  showTable(options, data, columns, rows);
}
