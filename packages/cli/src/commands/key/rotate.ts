import { rotateApiKey } from '@esim-rsp/server/accounts/accounts';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import type { Command } from 'commander';
import { CliError, examples } from '../../command.ts';
import { keyNamed } from '../../key/find.ts';
import { showNewKey } from '../../key/text.ts';
import { noteAct, withLocalStore } from '../../local-store.ts';
import type { Shown } from '../../output.ts';
import { secondsFrom, valueBy } from '../../values.ts';

type Options = Shown & { readonly overlap: number };

/** `esim key rotate`: a new key in the place of another one. */
export function configure(command: Command): void {
  command
    .argument('<key-id>', "as 'esim key list' shows it")
    .option('--overlap <time>', 'how long the old key works beside the new one', valueBy(secondsFrom), 86_400)
    .option('--json', 'write JSON to stdout')
    .action(rotate);
  examples(command, {
    'esim key rotate 5d1c9a72f04be138': 'a new key; the old one works for another day',
    'esim key rotate 5d1c9a72f04be138 --overlap 0s': 'the old one ends now',
  });
}

async function rotate(id: string, { overlap: overlapSeconds, ...options }: Options): Promise<void> {
  const rotated = await withLocalStore(async (store) => {
    const { account } = await keyNamed(store, id);
    await noteAct(store, { account, operation: 'esim key rotate', target: id });
    return rotateApiKey(store, { account, id, overlapSeconds, random: systemRandom, now: Date.now() });
  });
  if (rotated === undefined) throw new CliError(`the key ${id} is gone`);
  showNewKey(options, rotated.key, rotated.apiKey);
}
