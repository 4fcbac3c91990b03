import { readPkiDirectory, writePkiDirectory } from '@esim-rsp/server/keys/pki-directory';
import { newTestPki } from '@esim-rsp/server/keys/smdp-keys';
import { hostOf } from '@esim-rsp/sgp22/pki/host';
import { parseSmdpAddress } from '@esim-rsp/sgp22/value/activation-code';
import type { Command } from 'commander';
import { CliError, examples } from '../../command.ts';
import { localConfig } from '../../local.ts';
import { type Shown, show } from '../../output.ts';
import { valueBy } from '../../values.ts';

type Options = Shown & { readonly dir?: string; readonly host?: string };

/** `esim pki init`: makes a test PKI in an empty place. */
export function configure(command: Command): void {
  command
    .option('--dir <folder>', 'where to make it (ESIM_PKI_DIR)')
    .option(
      '--host <name>',
      'the name that phones reach the SM-DP+ by (ESIM_SMDP_ADDRESS)',
      valueBy(parseSmdpAddress),
    )
    .option('--json', 'write JSON to stdout')
    .action(init);
  examples(command, {
    'esim pki init': 'make the test PKI that the first start would make',
    'esim pki init --dir ./pki --host rsp.example.com': 'make one whose TLS certificate has this name',
  });
}

async function init(options: Options): Promise<void> {
  const config = localConfig();
  const directory = options.dir ?? config.pkiDir;
  const host = hostOf(options.host ?? config.smdpAddress ?? 'localhost');
  if ((await readPkiDirectory(directory)) !== undefined) throw taken(directory);
  const files = newTestPki({ host, now: Date.now() });
  if ((await writePkiDirectory(directory, files)) === 'exists') throw taken(directory);
  show(
    options,
    { directory, host, files: [...files.keys()] },
    `A test PKI for ${host} is in ${directory}; its keys are readable for you only.\nUse it: ESIM_PKI_DIR=${directory} npm start`,
  );
}

function taken(directory: string): CliError {
  return new CliError(
    `there is something in ${directory} already: say another --dir, or look with 'esim pki show'`,
  );
}
