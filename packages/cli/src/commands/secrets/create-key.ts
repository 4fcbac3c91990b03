import { resolve } from 'node:path';
import { formatKeyUri } from '@esim-rsp/server/keys/token/key-uri';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import type { Command } from 'commander';
import { CliError, examples } from '../../command.ts';
import { note, type OutputOptions, show } from '../../output.ts';
import { attributesOf, type TokenSelection, tokenOptions, withToken } from '../../pki/tokens.ts';

type Options = TokenSelection & OutputOptions & { readonly object: string };

/** `esim secrets create-key`: a master key in a token, which it does not export. */
export function configure(command: Command): void {
  tokenOptions(command)
    .option('--object <label>', 'label of the key in the token', 'esim-master-key')
    .option('--json', 'write JSON to stdout')
    .action(createKey);
  examples(command, {
    'esim secrets create-key --module /usr/lib/softhsm/libsofthsm2.so --token esim --pin-file /etc/esim/pin':
      'create a master key in a token, and print its URI for ESIM_MASTER_KEY_URI',
  });
}

async function createKey(options: Options): Promise<void> {
  const { module: modulePath, token, serial, object, json } = options;
  if (token === undefined && serial === undefined)
    throw new CliError("--token or --serial is needed: see 'esim pki tokens --module …'", 2);
  const which = attributesOf(options);
  const file = options.pinFile === undefined ? {} : { pinFile: resolve(options.pinFile) };
  const created = await withToken({ modulePath, which, writes: true, ...file }, (open) =>
    open.call('generateSecret', { object, id: systemRandom(8) }),
  );
  const uri = formatKeyUri({ ...which, object, id: created.id, modulePath, ...file }, 'secret-key');
  show(json ? { json } : {}, { uri, label: created.label, extractable: created.extractable }, uri);
  if (!json)
    note(
      "a new server starts with it as ESIM_MASTER_KEY_URI; one that has data uses it after: esim secrets rotate --new-key-uri '…'",
    );
}
