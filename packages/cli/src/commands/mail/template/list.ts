import type { Command } from 'commander';
import { examples } from '../../../command.ts';
import { askApi } from '../../../rest/ask-api.ts';
import { type RestOptions, restOptions } from '../../../rest/options.ts';
import { type Columns, showTable, type TableOptions, tableOptions } from '../../../table.ts';

const columns: Columns = {
  names: ['kind', 'language', 'written by', 'subject'],
  none: 'there are no templates',
};

/** `esim mail template list`: lists the texts of all kinds of mail. */
export function configure(command: Command): void {
  tableOptions(restOptions(command), columns).action(list);
  examples(command, { 'esim mail template list': 'every kind of mail and its languages' });
}

async function list(options: RestOptions & TableOptions): Promise<void> {
  const { data } = await askApi(options, (api) => api.listMailTemplates());
  const rows = data.mail_templates.map(({ kind, language, is_own, subject }) => [
    kind,
    language,
    is_own ? 'you' : 'the server',
    subject,
  ]);
  showTable(options, data, columns, rows);
}
