import { addApiKey, generateApiKey } from '@esim-rsp/server/accounts/accounts';
import {
  type Permission,
  permissions,
  permissionsIn,
  type Scope,
  scopes,
} from '@esim-rsp/server/store/ports/permissions';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import { type Command, Option } from 'commander';
import { CliError, examples } from '../../command.ts';
import { showNewKey } from '../../key/text.ts';
import { withLocalStore, writeAuditEntry } from '../../local-store.ts';
import type { OutputOptions } from '../../output.ts';
import { timeFrom, valueBy } from '../../values.ts';

type Options = OutputOptions & {
  readonly scope?: Scope;
  readonly permissions?: readonly Permission[];
  readonly name?: string;
  readonly expiresAt?: number;
};

/** `esim key create`: creates an API key for an account and shows it once. */
export function configure(command: Command): void {
  command
    .argument('<user-id>', 'the account')
    .addOption(
      new Option(
        '--permissions <list>',
        `what the key may do, separated by commas: ${permissions.join(', ')}`,
      )
        .argParser(valueBy(permissionsFrom))
        .conflicts('scope'),
    )
    .addOption(
      new Option('--scope <scope>', 'a name for a set of permissions; default: admin, which is all').choices(
        Object.keys(scopes),
      ),
    )
    .option('--name <name>', 'name for people')
    .option(
      '--expires-at <time>',
      'end of the key: 12h or 90d from now, a date, or Unix seconds',
      valueBy(timeFrom),
    )
    .option('--json', 'write JSON to stdout')
    .action(create);
  examples(command, {
    'esim key create lab': 'create a key for the account lab and print it',
    'esim key create lab --scope read --name dashboard --expires-at 90d':
      'a key that can only read, for three months',
    'esim key create lab --permissions read,support': 'for a help desk: it never sees an activation code',
    'ESIM_API_KEY=$(esim key create lab)': 'set it for the next commands of a script',
  });
}

function permissionsFrom(text: string): readonly Permission[] {
  return text.split(',').map((word) => {
    const known = permissions.find((one) => one === word.trim());
    if (known === undefined) throw new ValueError(`a list of ${permissions.join(', ')} is expected`);
    return known;
  });
}

async function create(
  userId: string,
  { scope = 'admin', permissions: named = scopes[scope], name: keyName, expiresAt, ...options }: Options,
): Promise<void> {
  const apiKey = generateApiKey(systemRandom);
  const key = await withLocalStore(async (store) => {
    if (!(await store.accounts()).some(({ id }) => id === userId))
      throw new CliError(
        `there is no account ${userId}: 'esim account list' shows yours, 'esim account create' creates one`,
      );
    const added = await addApiKey(store, {
      userId,
      apiKey,
      random: systemRandom,
      now: Date.now(),
      permissions: permissionsIn(named),
      ...(keyName !== undefined && { keyName }),
      ...(expiresAt !== undefined && { expiresAt }),
    });
    await writeAuditEntry(store, { account: userId, operation: 'esim key create', target: added.id });
    return added;
  });
  showNewKey(options, key, apiKey);
}
