import { resolve } from 'node:path';
import { writePkiDirectory } from '@esim-rsp/server/keys/pki-directory';
import { createTestPki } from '@esim-rsp/server/keys/smdp-keys';
import type { Curve } from '@esim-rsp/sgp22/crypto/ecdsa';
import { curves } from '@esim-rsp/sgp22/crypto/ecdsa';
import { hostOf } from '@esim-rsp/sgp22/pki/host';
import { parseSmdpAddress } from '@esim-rsp/sgp22/value/activation-code';
import { type Command, Option } from 'commander';
import { CliError, examples } from '../../command.ts';
import { localConfig } from '../../local.ts';
import { note, type OutputOptions, show } from '../../output.ts';
import { valueBy } from '../../values.ts';

type Options = OutputOptions & {
  readonly dir?: string;
  readonly host?: string;
  readonly curve: Curve | 'both';
};

/** `esim pki init`: creates a test PKI, as the first start does. */
export function configure(command: Command): void {
  command
    .option('--dir <folder>', "target folder; default: the server's folder (ESIM_PKI_DIR)")
    .option(
      '--host <name>',
      'host name of the server for phones; default: that of ESIM_SMDP_ADDRESS, or localhost',
      valueBy((text) => hostOf(parseSmdpAddress(text))),
    )
    .addOption(
      new Option('--curve <curve>', 'curve of the certificates; both: one set per curve')
        .choices([...curves, 'both'])
        .default('P-256'),
    )
    .option('--json', 'write JSON to stdout')
    .action(init);
  examples(command, {
    'esim pki init': 'create the same PKI as the first start',
    'esim pki init --host rsp.example.com --dir ./pki': 'create a PKI for a server with this host name',
    'esim pki init --curve both':
      'create one on P-256 and one on brainpoolP256r1, for a server that has both',
  });
}

async function init({ dir, host: chosen, curve, json }: Options): Promise<void> {
  const { pkiDir, smdpAddress } = localConfig();
  const directory = resolve(dir ?? pkiDir);
  const host = chosen ?? hostOf(smdpAddress ?? 'localhost');
  const wanted = curve === 'both' ? curves : [curve];
  const files = createTestPki({ host, now: Date.now(), curves: wanted });
  if ((await writePki(directory, files)) === 'exists')
    throw new CliError(
      `${directory} is not empty: choose another --dir, or see its content with 'esim pki show'`,
    );
  const names = [...files.keys()];
  show(
    json ? { json } : {},
    { directory, host, files: names },
    `The test PKI for ${host} is in ${directory}.`,
  );
  const needed = [
    ...(directory === pkiDir ? [] : [`ESIM_PKI_DIR=${directory}`]),
    ...(host === hostOf(smdpAddress ?? 'localhost') ? [] : [`ESIM_SMDP_ADDRESS=${host}`]),
  ];
  if (needed.length > 0 && !json) note(`to start the server with it: ${needed.join(' ')} npm start`);
}

async function writePki(...[directory, files]: Parameters<typeof writePkiDirectory>) {
  try {
    return await writePkiDirectory(directory, files);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new CliError(`the folder ${directory} cannot be created (${code}): choose another --dir`);
  }
}
