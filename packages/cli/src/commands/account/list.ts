import type { Command } from 'commander';
import { examples } from '../../command.ts';
import { localOnly } from '../../local-only.ts';
import { withLocalStore } from '../../local-store.ts';
import { type Columns, showTable, type TableOptions, tableOptions } from '../../table.ts';

const columns: Columns = {
  names: ['user id', 'created', 'name'],
  dropFirst: ['created'],
  none: "there are no accounts: see 'esim account create --help'",
};

/** `esim account list`: lists the accounts. */
export function configure(command: Command): void {
  tableOptions(command, columns).option('--json', 'write JSON to stdout').action(list);
  examples(command, { 'esim account list': 'the accounts of the server on this machine' });
  localOnly(command, 'GET /accounts (listAccounts)');
}

async function list(options: TableOptions): Promise<void> {
  const accounts = (await withLocalStore((store) => store.accounts())).map(({ id, name, createdAt }) => ({
    user_id: id,
    name,
    created_at: new Date(createdAt * 1000).toISOString().replace('.000Z', 'Z'),
  }));
  const rows = accounts.map(({ user_id, created_at, name }) => [user_id, created_at, name]);
  showTable(options, accounts, columns, rows);
}
