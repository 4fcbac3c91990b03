import type { AccountStore } from '@esim-rsp/server/store/ports/accounts';
import type { ApiKeyStore } from '@esim-rsp/server/store/ports/api-keys';
import type { Command } from 'commander';
import { CliError, examples } from '../../command.ts';
import { keyJson } from '../../key/text.ts';
import { withLocalStore } from '../../local-store.ts';
import { type Columns, showTable, type TableOptions, tableOptions } from '../../table.ts';

const columns: Columns = {
  names: ['id', 'account', 'permissions', 'created', 'expires', 'last used', 'name'],
  dropFirst: ['created', 'last used', 'expires', 'account', 'permissions'],
  none: "there are no keys: see 'esim key create --help'",
};

/** `esim key list`: lists the API keys of one account or of all. */
export function configure(command: Command): void {
  tableOptions(command, columns)
    .argument('[user-id]', 'the account; all if absent')
    .option('--json', 'write JSON to stdout')
    .action(list);
  examples(command, {
    'esim key list': 'all keys with permissions, end and last use',
    'esim key list lab --json': 'the keys of the account lab, as JSON',
  });
}

async function list(userId: string | undefined, options: TableOptions): Promise<void> {
  const keys = (await withLocalStore((store) => keysOf(store, userId))).map(keyJson);
  const rows = keys.map((key) => [
    key.id,
    key.user_id,
    key.scope ?? key.permissions.join(','),
    key.created_at,
    key.expires_at ?? '-',
    key.last_used_at ?? '-',
    key.name ?? '',
  ]);
  showTable(options, keys, columns, rows);
}

async function keysOf(store: AccountStore & ApiKeyStore, userId: string | undefined) {
  const known = (await store.accounts()).map(({ id }) => id);
  if (userId !== undefined && !known.includes(userId))
    throw new CliError(`there is no account ${userId}: 'esim account list' shows the accounts`);
  const accounts = userId === undefined ? known : [userId];
  return (await Promise.all(accounts.map((id) => store.apiKeys(id)))).flat();
}
