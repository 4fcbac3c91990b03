import { readAnchorKey } from '@esim-rsp/server/chain/anchor-key';
import type { Command } from 'commander';
import { CliError, examples } from '../../command.ts';
import { localConfig } from '../../local.ts';
import { type OutputOptions, show } from '../../output.ts';

/** `esim audit key`: the public key that checks anchors. */
export function configure(command: Command): void {
  command.option('--json', 'write JSON to stdout').action(showKey);
  examples(command, {
    'esim audit key > audit-key.pub': 'keep the public key where you keep the anchors',
  });
}

function showKey(options: OutputOptions): void {
  const { dataDir } = localConfig();
  const key = readAnchorKey(dataDir);
  if (key === undefined)
    throw new CliError(
      `there is no audit key in ${dataDir}: start the server there once, or set ESIM_DATA_DIR to its folder`,
    );
  show(options, { id: key.id, public_key: key.pem }, key.pem.trimEnd());
}
