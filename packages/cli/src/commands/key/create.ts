import { addAccountWithKey, drawApiKey } from '@esim-rsp/server/accounts';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import type { Command } from 'commander';
import { CliError, examples } from '../../command.ts';
import { withLocalStore } from '../../local-store.ts';
import { type Shown, show } from '../../output.ts';

/** `esim key create`: makes an API key for an account in the local data. */
export function configure(command: Command): void {
  command
    .argument('<user-id>', 'x-user-id of the account')
    .option('--json', 'write JSON to stdout')
    .action(create);
  examples(command, {
    'esim key create example': 'make a key; it is shown this once only',
    'esim key create example --json': 'for programs',
  });
}

async function create(userId: string, options: Shown): Promise<void> {
  const apiKey = drawApiKey(systemRandom);
  await withLocalStore(async (store) => {
    const account = (await store.accounts()).find(({ id }) => id === userId);
    if (account === undefined)
      throw new CliError(
        `there is no account ${userId}: make it with 'esim account add NAME --user-id ${userId}'`,
      );
    await addAccountWithKey(store, {
      userId,
      apiKey,
      name: account.name,
      random: systemRandom,
      now: Date.now(),
    });
  });
  show(
    options,
    { user_id: userId, api_key: apiKey },
    `x-user-id  ${userId}\nx-api-key  ${apiKey}   (shown only this once)`,
  );
}
