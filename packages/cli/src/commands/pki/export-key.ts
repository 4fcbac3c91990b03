import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { readPkiDirectory } from '@esim-rsp/server/keys/pki-directory';
import { openKeysIn } from '@esim-rsp/server/keys/sealed-keys';
import { plainKeysIn } from '@esim-rsp/sgp22/pki/sealed-key';
import type { Command } from 'commander';
import { CliError, examples } from '../../command.ts';
import { withLocalStore, writeAuditEntries } from '../../local-store.ts';
import { note, type OutputOptions, show } from '../../output.ts';
import { explain } from '../../pki/tokens.ts';
import { serverAddresses } from '../../running.ts';

type Options = OutputOptions & { readonly dir?: string; readonly out?: string };

/** `esim pki export-key`: writes a sealed private key as plain PEM, for another program. */
export function configure(command: Command): void {
  command
    .argument('<file>', 'file of the key, in the PKI folder')
    .option('--out <file>', 'write the key there, readable by its owner only; default: stdout')
    .option('--dir <folder>', "PKI folder; default: the server's folder (ESIM_PKI_DIR)")
    .option('--json', 'write JSON to stdout')
    .action(exportKey);
  examples(command, {
    'esim pki export-key DPtls/SK_S_SM_DP_TLS_NIST.pem --out /etc/haproxy/dp-tls.key':
      'write the TLS key for a proxy that terminates TLS',
    'esim pki export-key DPauth/SK_S_SM_DPauth_ECDSA_NIST.pem': 'write a key to stdout, for a safe',
  });
}

async function exportKey(path: string, { dir, out, ...options }: Options): Promise<void> {
  const directory = resolve(dir ?? serverAddresses().pkiDir);
  const files = await explain(readPkiDirectory(directory));
  const content = files?.get(path);
  if (content === undefined)
    throw new CliError(`there is no file ${path} in ${directory}: see 'esim pki show' for its files`);
  const keys = await withLocalStore(async (store) => {
    const opened = plainKeysIn(await explain(openKeysIn(path, content, store)));
    if (opened.length > 0) await writeAuditEntries(store, 'esim pki export-key', [path]);
    return opened;
  });
  if (keys.length === 0) throw new CliError(`${path} has no private key`);
  const pem = `${keys.join('\n')}\n`;
  if (out !== undefined) write(out, pem);
  show(
    options,
    { file: path, out: out ?? null, ...(out === undefined && { private_key: pem }) },
    out === undefined ? pem.trimEnd() : `The plain key of ${path} is in ${out}.`,
  );
  if (!options.json)
    note('anyone who reads this key can act as this server: the audit log says that it was exported');
}

function write(path: string, pem: string): void {
  try {
    writeFileSync(path, pem, { flag: 'wx', mode: 0o600, flush: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CliError(
      code === 'EEXIST'
        ? `${path} already exists: choose another --out`
        : `${path} cannot be written (${code})`,
    );
  }
}
