import { addApiKey, drawApiKey } from '@esim-rsp/server/accounts';
import { urlOf } from '@esim-rsp/server/http/listen';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import type { Command } from 'commander';
import { CliError, examples } from '../../command.ts';
import { localConfig } from '../../local.ts';
import { withLocalStore } from '../../local-store.ts';
import { note, type Shown, show } from '../../output.ts';

/** `esim key create`: one more API key for an account, shown once. */
export function configure(command: Command): void {
  command.argument('<user-id>', 'the account').option('--json', 'write JSON to stdout').action(create);
  examples(command, {
    'esim key create lab': 'make a key for the account lab and print it',
    'ESIM_API_KEY=$(esim key create lab)': 'keep it for the commands of a script',
  });
}

async function create(userId: string, { json }: Shown): Promise<void> {
  const apiKey = drawApiKey(systemRandom);
  await withLocalStore(async (store) => {
    if (!(await store.accounts()).some(({ id }) => id === userId))
      throw new CliError(`there is no account ${userId}: make one with 'esim account add'`);
    await addApiKey(store, { userId, apiKey, random: systemRandom, now: Date.now() });
  });
  show(json ? { json } : {}, { user_id: userId, api_key: apiKey }, apiKey);
  if (json) return;
  const { httpHost, httpPort } = localConfig();
  note('the key is shown only this once; commands find it and its server by the environment:');
  note(`  ESIM_URL=${urlOf('http', httpHost, httpPort)} ESIM_USER_ID=${userId} ESIM_API_KEY=<key>`);
}
