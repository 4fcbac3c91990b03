import type { Command } from 'commander';
import { examples } from '../../command.ts';
import { findKey } from '../../key/find.ts';
import { keyJson } from '../../key/text.ts';
import { withLocalStore, writeAuditEntry } from '../../local-store.ts';
import { type OutputOptions, show } from '../../output.ts';

/** `esim key delete`: ends a key. A running server refuses it after at most two seconds. */
export function configure(command: Command): void {
  command
    .argument('<key-id>', "id from 'esim key list'")
    .option('--json', 'write JSON to stdout')
    .action(deleteKey);
  examples(command, { 'esim key delete 5d1c9a72f04be138': 'the server refuses this key' });
}

async function deleteKey(id: string, options: OutputOptions): Promise<void> {
  const key = await withLocalStore(async (store) => {
    const { account } = await findKey(store, id);
    await store.expireApiKey(account, id, Math.floor(Date.now() / 1000));
    await writeAuditEntry(store, { account, operation: 'esim key delete', target: id });
    return findKey(store, id);
  });
  show(options, keyJson(key), `The key ${id} of ${key.account} is deleted: the server refuses it.`);
}
