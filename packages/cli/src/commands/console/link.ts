import { createConsoleLink } from '@esim-rsp/server/accounts/console-tickets';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import type { Command } from 'commander';
import { accountFor } from '../../account.ts';
import { CliError, examples } from '../../command.ts';
import { withLocalStore, writeAuditEntry } from '../../local-store.ts';
import { note, type OutputOptions, show } from '../../output.ts';
import { serverAddresses } from '../../running.ts';

type Options = OutputOptions & { readonly user?: string; readonly key?: string; readonly url?: string };

/** `esim console link`: creates a link that signs somebody in to the console of the server on this machine. */
export function configure(command: Command): void {
  command
    .option('--user <user-id>', 'account; optional if there is only one account')
    .option('--key <id>', 'key whose permissions the session has; default: the oldest that may do everything')
    .option('--url <url>', 'URL of the server as browsers see it; default: where it listens')
    .option('--json', 'write JSON to stdout')
    .action(link);
  examples(command, {
    'esim console link': 'print a link; open it in the next 10 minutes',
    'esim console link --user shop --url https://rsp.example.com': 'for a server behind a proxy',
  });
}

async function link({ user, key, url = serverAddresses().restUrl, json }: Options): Promise<void> {
  const created = await withLocalStore(async (store) => {
    const account = accountFor(await store.accounts(), user);
    const one = await createConsoleLink(store, {
      account,
      ...(key !== undefined && { keyId: key }),
      baseUrl: url,
      random: systemRandom,
      now: Date.now(),
    });
    if (one !== undefined)
      await writeAuditEntry(store, { account, operation: 'esim console link', target: one.key.id });
    return { account, one };
  });
  const { account, one } = created;
  if (one === undefined)
    throw new CliError(
      key === undefined
        ? `the account ${account} has no valid key that may do everything: create one with 'esim key create ${account}', or choose one with --key`
        : `the account ${account} has no valid key ${key}: 'esim key list' shows the keys`,
    );
  const expires_at = new Date(one.endsAt * 1000).toISOString().replace('.000', '');
  show(json ? { json } : {}, { link: one.link, user_id: account, key_id: one.key.id, expires_at }, one.link);
  if (!json) note('the link works once, in the next 10 minutes');
}
