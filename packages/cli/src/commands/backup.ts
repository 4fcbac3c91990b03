import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { readPkiDirectory } from '@esim-rsp/server/keys/pki-directory';
import { keyFilesIn } from '@esim-rsp/server/keys/sealed-keys';
import { writeBackup } from '@esim-rsp/server/process/backup/backup';
import type { Command } from 'commander';
import { examples } from '../command.ts';
import { localConfig } from '../local.ts';
import { requireFiles, requireLocalStore, withStartErrors } from '../local-store.ts';
import { type OutputOptions, show } from '../output.ts';
import { progressBar, progressOutput } from '../progress.ts';

/** `esim backup`: writes all data of the server on this machine into one file, also while it runs. */
export function configure(command: Command): void {
  command
    .argument(
      '<file>',
      'file to write, such as esim.tar: only its owner may read it; the master key is not in it',
    )
    .option('--json', 'write JSON to stdout')
    .action(backup);
  examples(command, {
    'esim backup /backups/esim.tar': 'back up the server, which may be running',
    'esim restore /backups/esim.tar': 'restore it into an empty data folder',
  });
}

async function backup(name: string, { json }: OutputOptions): Promise<void> {
  const file = resolve(name);
  const config = localConfig();
  const { dataDir, pkiDir } = config;
  requireFiles(config, 'back it up with pg_dump, and the data folder with its keys as files');
  requireLocalStore(config);
  const progress = progressOutput();
  const report = ({ step, share }: { step: string; share: number }) =>
    progress.show(() => `${progressBar(share)}  ${step}`);
  const manifest = await withStartErrors(() =>
    writeBackup({
      dataDir,
      pkiDir,
      file,
      now: Date.now(),
      report,
      ...(config.masterKey && 'file' in config.masterKey && { masterKeyFile: config.masterKey.file }),
    }),
  ).finally(() => progress.clear());
  const { size } = statSync(file);
  show(
    json ? { json } : {},
    { file, size, ...manifest },
    `The backup is in ${file}: ${manifest.files.length} files, ${size} octets. Its secrets need the master key ${manifest.master_key ?? 'of the server'}, which is not in it: keep that key elsewhere.${await aboutKeys(config.pkiDir)}`,
  );
}

/** Keys that are not sealed are in the backup as they are. */
async function aboutKeys(pkiDir: string): Promise<string> {
  const { plainKeys } = keyFilesIn((await readPkiDirectory(pkiDir).catch(() => undefined)) ?? new Map());
  return plainKeys.length === 0
    ? ''
    : ` It has ${plainKeys.length} private keys that are not sealed (esim pki seal): keep it secret.`;
}
