import { resolve } from 'node:path';
import { restoreBackup } from '@esim-rsp/server/process/backup/restore';
import { masterKeySource } from '@esim-rsp/server/process/secrets/master-key-source';
import type { Command } from 'commander';
import { examples } from '../command.ts';
import { localConfig } from '../local.ts';
import { requireFiles, withStartErrors } from '../local-store.ts';
import { note, type OutputOptions, show } from '../output.ts';
import { progressBar, progressOutput } from '../progress.ts';

/** `esim restore`: restores a backup into an empty data folder. */
export function configure(command: Command): void {
  command
    .argument('<file>', "a file that 'esim backup' has written")
    .option('--json', 'write JSON to stdout')
    .action(restore);
  examples(command, {
    'esim restore /backups/esim.tar':
      'check the backup, and restore it into the data folder, which must be empty',
    'ESIM_DATA_DIR=/srv/esim esim restore esim.tar': 'restore it into another folder',
  });
}

async function restore(name: string, { json }: OutputOptions): Promise<void> {
  const file = resolve(name);
  const config = localConfig();
  const { dataDir, pkiDir } = config;
  requireFiles(
    config,
    'restore it with pg_restore; to restore a file into the data folder, unset that variable',
  );
  const progress = progressOutput();
  const report = ({ step, share }: { step: string; share: number }) =>
    progress.show(() => `${progressBar(share)}  ${step}`);
  const masterKey = masterKeySource(config);
  const restored = await withStartErrors(() =>
    restoreBackup({ file, dataDir, pkiDir, masterKey, report }),
  ).finally(() => progress.clear());
  const { manifest } = restored;
  show(
    json ? { json } : {},
    { data_dir: dataDir, ...(restored.pkiDir && { pki_dir: restored.pkiDir }), ...manifest },
    `The backup of ${manifest.created_at} is in ${dataDir}: ${manifest.files.length} files, all intact.`,
  );
  if (restored.pkiDir === undefined) note(`the folder ${pkiDir} has a PKI already: it was not changed`);
}
