import { join, resolve } from 'node:path';
import { equal } from '@esim-rsp/codec';
import { readPkiDirectory, replaceFile } from '@esim-rsp/server/keys/pki-directory';
import { keyFilesIn, sealKeysIn } from '@esim-rsp/server/keys/sealed-keys';
import type { ServerStore } from '@esim-rsp/server/store/ports/server-store';
import type { PkiFiles } from '@esim-rsp/sgp22/pki/files';
import type { Command } from 'commander';
import { CliError, examples, helpText } from '../../command.ts';
import { withLocalStore, writeAuditEntries } from '../../local-store.ts';
import { note, type OutputOptions, show } from '../../output.ts';
import { explain } from '../../pki/tokens.ts';
import { serverAddresses } from '../../running.ts';

type Options = OutputOptions & { readonly dir?: string };

/** `esim pki seal`: seals the private keys of a PKI folder with a key of the database. */
export function configure(command: Command): void {
  command
    .option('--dir <folder>', "the folder; default: the server's folder (ESIM_PKI_DIR)")
    .option('--json', 'write JSON to stdout')
    .action(seal);
  command.addHelpText(
    'after',
    helpText(
      "Servers may run. A sealed key can be opened with the database that it was sealed with, and its master key: keep the plain key of a real certificate in a safe too. Other programs, such as a proxy, cannot read it: 'esim pki export-key' writes the plain key. Run it again after 'esim secrets rotate --reseal'.",
    ),
  );
  examples(command, {
    'esim pki seal': 'seal every private key in the folder of the server',
    'esim pki seal --dir /etc/esim/pki --json': 'the same for another folder, for a program',
  });
}

async function seal({ dir, ...options }: Options): Promise<void> {
  const directory = resolve(dir ?? serverAddresses().pkiDir);
  const files = await explain(readPkiDirectory(directory));
  if (files === undefined) throw new CliError(`there is no PKI in ${directory}: see 'esim pki show'`);
  const { plain, sealed } = await withLocalStore((store) => explain(sealAll(store, directory, files)));
  show(
    options,
    { directory, sealed, were_plain: plain },
    sealed.length === 0
      ? `${directory} has no private key.`
      : `Sealed: ${sealed.join(', ')}. ${plain.length} of these files had plain keys.`,
  );
  if (!options.json && plain.length > 0)
    note('the plain keys may still be in old backups and in free space of the disk: see docs/guide/pki.md');
}

/** One file after the other, each in one step: if it is interrupted, it can be run again. */
async function sealAll(store: ServerStore, directory: string, files: PkiFiles) {
  const { plainKeys, sealedKeys } = keyFilesIn(files);
  const paths = [...new Set([...plainKeys, ...sealedKeys.map(({ path }) => path)])];
  if (paths.length > 0) await writeAuditEntries(store, 'esim pki seal', paths);
  for (const path of paths) {
    const content = files.get(path) ?? new Uint8Array();
    const next = await sealKeysIn(path, content, store);
    if (!equal(next, content)) await replace(join(directory, path), next);
  }
  return { plain: plainKeys, sealed: paths };
}

async function replace(path: string, content: Uint8Array): Promise<void> {
  try {
    await replaceFile(path, content);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CliError(`${path} cannot be replaced (${code}): make its folder writable, and run it again`);
  }
}
