import type { Command } from 'commander';
import { examples } from '../../command.ts';
import { personId, personName } from '../../person/text.ts';
import { askApi } from '../../rest/ask-api.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';
import { type Columns, showTable, type TableOptions, tableOptions } from '../../table.ts';
import { valueBy } from '../../values.ts';

const columns: Columns = {
  names: ['id', 'name', 'created', 'last used'],
  dropFirst: ['created', 'last used'],
  none: 'this person has no passkey: people create their own in the console',
};

/** `esim person passkeys`: lists the passkeys of a person. */
export function configure(command: Command): void {
  tableOptions(
    restOptions(command).argument('<person>', 'e-mail address or id', valueBy(personName)),
    columns,
  ).action(list);
  examples(command, {
    'esim person passkeys ada@example.com': 'the passkeys of a person, with their last use',
  });
}

async function list(person: string, options: RestOptions & TableOptions): Promise<void> {
  const { data } = await askApi(options, async (api) => api.listPersonPasskeys(await personId(api, person)));
  const rows = data.passkeys.map(({ id, name, created_at, last_used_at }) => [
    id,
    name,
    created_at,
    last_used_at ?? '-',
  ]);
  showTable(options, data.passkeys, columns, rows);
}
