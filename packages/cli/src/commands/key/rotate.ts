import { rotateApiKey } from '@esim-rsp/server/accounts/accounts';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import type { Command } from 'commander';
import { CliError, examples } from '../../command.ts';
import { findKey } from '../../key/find.ts';
import { replaceSavedKey } from '../../key/saved.ts';
import { showNewKey } from '../../key/text.ts';
import { withLocalStore, writeAuditEntry } from '../../local-store.ts';
import { note, type OutputOptions } from '../../output.ts';
import { secondsFrom, valueBy } from '../../values.ts';

type Options = OutputOptions & { readonly overlap: number };

/** `esim key rotate`: creates a key that replaces an old one, also in the credentials that commands use. */
export function configure(command: Command): void {
  command
    .argument('<key-id>', "id from 'esim key list'")
    .option('--overlap <time>', 'how long the old key still works', valueBy(secondsFrom), 86_400)
    .option('--json', 'write JSON to stdout')
    .action(rotate);
  examples(command, {
    'esim key rotate 5d1c9a72f04be138': 'create a new key; the old one works for one more day',
    'esim key rotate 5d1c9a72f04be138 --overlap 0s': 'the old key stops working now',
  });
}

async function rotate(id: string, { overlap: overlapSeconds, ...options }: Options): Promise<void> {
  const rotated = await withLocalStore(async (store) => {
    const old = await findKey(store, id);
    const { account } = old;
    await writeAuditEntry(store, { account, operation: 'esim key rotate', target: id });
    const rotation = { account, id, overlapSeconds, random: systemRandom, now: Date.now() };
    const rotated = await rotateApiKey(store, rotation);
    if (rotated === 'unknown') throw new CliError(`the key ${id} no longer exists: see 'esim key list'`);
    if (rotated === 'full')
      throw new CliError(
        `the account has too many valid keys, among them replaced ones: 'esim key delete' ends one`,
      );
    return { ...rotated, old };
  });
  showNewKey(options, rotated.key, rotated.apiKey);
  const file = await replaceSavedKey(rotated.old, rotated.apiKey);
  if (file !== undefined) note(`${file} has the new key`);
}
