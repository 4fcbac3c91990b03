import type { Command } from 'commander';
import { examples } from '../../../command.ts';
import { askApi } from '../../../rest/ask-api.ts';
import { type RestOptions, restOptions } from '../../../rest/options.ts';
import { type Columns, showTable, type TableOptions, tableOptions } from '../../../table.ts';

const columns: Columns = {
  names: ['address', 'language', 'alerts'],
  none: "alerts go to no mail address: see 'esim mail recipient set --help'",
};

/** `esim mail recipient list`: lists who gets alerts of the account by mail. */
export function configure(command: Command): void {
  tableOptions(restOptions(command), columns).action(list);
  examples(command, { 'esim mail recipient list': 'every address and its alerts' });
}

async function list(options: RestOptions & TableOptions): Promise<void> {
  const { data } = await askApi(options, (api) => api.listMailRecipients());
  const rows = data.mail_recipients.map(({ address, language, kinds }) => [
    address,
    language,
    kinds.join(', '),
  ]);
  showTable(options, data, columns, rows);
}
