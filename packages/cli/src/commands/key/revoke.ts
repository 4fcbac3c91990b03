import type { Command } from 'commander';
import { examples } from '../../command.ts';
import { keyNamed } from '../../key/find.ts';
import { keyJson } from '../../key/text.ts';
import { noteAct, withLocalStore } from '../../local-store.ts';
import { type Shown, show } from '../../output.ts';

/** `esim key revoke`: ends a key; a running server lets it in for two seconds more at most. */
export function configure(command: Command): void {
  command
    .argument('<key-id>', "as 'esim key list' shows it")
    .option('--json', 'write JSON to stdout')
    .action(revoke);
  examples(command, { 'esim key revoke 5d1c9a72f04be138': 'whoever holds it is refused from now on' });
}

async function revoke(id: string, options: Shown): Promise<void> {
  const key = await withLocalStore(async (store) => {
    const { account } = await keyNamed(store, id);
    await store.expireApiKey(account, id, Math.floor(Date.now() / 1000));
    await noteAct(store, { account, operation: 'esim key revoke', target: id });
    return keyNamed(store, id);
  });
  show(options, keyJson(key), `The key ${id} of ${key.account} is worth nothing any more.`);
}
