import type { Command } from 'commander';
import { examples } from '../../command.ts';
import { askApi } from '../../rest/ask-api.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';
import { type Columns, showTable, type TableOptions, tableOptions } from '../../table.ts';

const columns: Columns = {
  names: ['id', 'email', 'name', 'role', 'state', 'signed in'],
  dropFirst: ['signed in', 'name', 'id'],
  none: "there are no people yet: see 'esim person create --help'",
};

/** `esim person list`: lists the people who sign in to the console. */
export function configure(command: Command): void {
  tableOptions(restOptions(command), columns).action(list);
  examples(command, { 'esim person list': 'the people of the account, with their roles' });
}

async function list(options: RestOptions & TableOptions): Promise<void> {
  const { data } = await askApi(options, (api) => api.listPeople());
  const rows = data.people.map(({ id, email, name, role, state, signed_in_at }) => [
    id,
    email,
    name,
    role,
    state,
    signed_in_at ?? '-',
  ]);
  showTable(options, data.people, columns, rows);
}
