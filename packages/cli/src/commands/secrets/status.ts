import { masterKeySource } from '@esim-rsp/server/process/secrets/master-key-source';
import type { SecretsStatus } from '@esim-rsp/server/store/ports/secrets/secret-store';
import type { Command } from 'commander';
import { examples } from '../../command.ts';
import { localConfig } from '../../local.ts';
import { withLocalStore } from '../../local-store.ts';
import { type OutputOptions, show } from '../../output.ts';

/** `esim secrets status`: the keys that seal the secrets of the database. It never shows a key. */
export function configure(command: Command): void {
  command.option('--json', 'write JSON to stdout').action(status);
  examples(command, {
    'esim secrets status': 'show the id of the master key, and whether everything is sealed',
  });
}

async function status(options: OutputOptions): Promise<void> {
  const secrets = await withLocalStore((store) => store.secretsStatus());
  const { masterKey, dataKeys, unfinished, refusesPlain } = secrets;
  const { place } = masterKeySource(localConfig());
  const json = {
    ...(masterKey !== undefined && { master_key: masterKey, master_key_place: place }),
    data_keys: dataKeys.map(({ id, beginsAt, sealed }) => ({
      id,
      begins_at: new Date(beginsAt).toISOString(),
      sealed,
    })),
    unfinished,
    refuses_plain: refusesPlain,
  };
  show(options, json, describe(secrets, place));
}

function describe({ masterKey, dataKeys, unfinished, refusesPlain }: SecretsStatus, place: string): string {
  if (masterKey === undefined)
    return "The secrets are not sealed. When all servers have this release, run 'esim secrets seal'.";
  const sealed = dataKeys.map(({ id, sealed }) => `  data key ${id} has sealed about ${sealed} values`);
  const rest =
    unfinished.length === 0
      ? 'Everything is sealed with the newest data key.'
      : `Not sealed with the newest data key yet: ${unfinished.join(', ')}. A running server does that.`;
  const plain = refusesPlain
    ? 'A secret that is not sealed is refused.'
    : 'Secrets that are not sealed are still read: a running server seals them first.';
  return [`The master key is ${masterKey}, in ${place}.`, ...sealed, rest, plain].join('\n');
}
