import type { Command } from 'commander';
import { examples } from '../../command.ts';
import { askApi } from '../../rest/ask-api.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';
import { type Columns, showTable, type TableOptions, tableOptions } from '../../table.ts';

const columns: Columns = {
  names: ['name', 'url', 'smdp address', 'certificate'],
  none: "there are no upstreams yet: see 'esim upstream add --help'",
};

/** `esim upstream list`: lists the upstreams. */
export function configure(command: Command): void {
  tableOptions(restOptions(command), columns).action(list);
  examples(command, { 'esim upstream list': 'all upstreams, and how long their certificates are valid' });
}

async function list(options: RestOptions & TableOptions): Promise<void> {
  const { data } = await askApi(options, (api) => api.listUpstreams());
  const rows = data.upstreams.map(({ name, url, smdp_address, client_certificate: { days_left } }) => [
    name,
    url,
    smdp_address,
    `${days_left} days`,
  ]);
  showTable(options, data, columns, rows);
}
