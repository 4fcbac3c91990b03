import { generateUserId } from '@esim-rsp/server/accounts/accounts';
import { settings } from '@esim-rsp/server/process/settings';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import type { Command } from 'commander';
import { CliError, examples } from '../../command.ts';
import { localOnly } from '../../local-only.ts';
import { withLocalStore, writeAuditEntry } from '../../local-store.ts';
import { note, type OutputOptions, show } from '../../output.ts';
import { valueBy } from '../../values.ts';

type Options = OutputOptions & { readonly userId?: string };

/** `esim account create`: creates an account of the server on this machine. */
export function configure(command: Command): void {
  command
    .argument('<name>', 'name for people', valueBy(accountName))
    .option('--user-id <id>', 'x-user-id of the account; generated if absent', valueBy(userIdFrom))
    .option('--json', 'write JSON to stdout')
    .action(create);
  examples(command, {
    'esim account create "Example Mobile"': 'create an account and print its user id',
    'esim account create Lab --user-id lab': 'create one with a user id of your choice',
  });
  localOnly(command, 'POST /accounts (createAccount)');
}

function accountName(text: string): string {
  const name = text.trim();
  if (!/^\P{Cc}{1,100}$/u.test(name))
    throw new ValueError('a name of 1 to 100 characters on one line is expected');
  return name;
}

/** The same user ids as for the first start. */
function userIdFrom(text: string): string {
  const { read, expected } = settings.ESIM_BOOTSTRAP_USER_ID;
  const id = read(text);
  if (id === undefined) throw new ValueError(`${expected} are expected`);
  return id;
}

async function create(name: string, { userId, json }: Options): Promise<void> {
  const id = userId ?? generateUserId(systemRandom);
  const account = { id, name, createdAt: Math.floor(Date.now() / 1000) };
  const outcome = await withLocalStore(async (store) => {
    const added = await store.addAccount(account);
    if (added === 'added')
      await writeAuditEntry(store, { account: id, operation: 'esim account create', target: id });
    return added;
  });
  if (outcome === 'exists')
    throw new CliError(
      `the account ${id} already exists: choose another --user-id, or create a key for it with 'esim key create ${id}'`,
    );
  show(json ? { json } : {}, { user_id: id, name }, id);
  if (!json) note(`created the account; now create a key for it: esim key create ${id}`);
}
