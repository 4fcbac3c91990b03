import { resolve } from 'node:path';
import { formatKeyUri, type KeyUri, KeyUriError, parseKeyUri } from '@esim-rsp/server/keys/token/key-uri';
import { rotateMasterKey, rotateToToken, sealWithNewDataKey } from '@esim-rsp/server/process/secrets/rotate';
import type { ServerStore } from '@esim-rsp/server/store/ports/server-store';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import { type Command, Option } from 'commander';
import { examples, helpText } from '../../command.ts';
import { localConfig } from '../../local.ts';
import { withLocalStore, withStartErrors } from '../../local-store.ts';
import { note, type OutputOptions, show } from '../../output.ts';
import { progressOutput } from '../../progress.ts';
import { valueBy } from '../../values.ts';

type RotateOptions = OutputOptions & {
  readonly newKeyFile?: string;
  readonly newKeyUri?: KeyUri;
  readonly reseal?: true;
  readonly wait: boolean;
};

/** `esim secrets rotate`: a new master key, and a new data key for everything on request. */
export function configure(command: Command): void {
  command
    .option('--new-key-file <file>', 'file with the new master key; it is created if there is none')
    .addOption(
      new Option(
        '--new-key-uri <uri>',
        'the new master key in a PKCS#11 token: esim secrets create-key prints it',
      )
        .argParser(valueBy(parseUri))
        .conflicts('newKeyFile'),
    )
    .option('--reseal', 'also seal every secret with a new data key')
    .option(
      '--no-wait',
      'with --reseal: no server runs, so do not wait until all of them know the new data key',
    )
    .option('--json', 'write JSON to stdout')
    .action(rotate);
  command.addHelpText(
    'after',
    helpText(
      'Servers may run, and continue with the keys that they have; after that they start with the new master key only. Without --new-key-file the file of the master key is replaced. If it was interrupted, run it again with the same options. Backups need the master key of their time: the old one stays next to the new one, with its id behind the name; keep it as long as you keep them.',
    ),
  );
  examples(command, {
    'esim secrets rotate': 'replace the master key in its file',
    'esim secrets rotate --new-key-file /run/keys/new --reseal':
      'the new key is in another file, and every secret is sealed again',
    "esim secrets rotate --new-key-uri 'pkcs11:…'": 'the new key is in a token',
  });
}

async function rotate({ newKeyFile, newKeyUri, reseal, wait, ...options }: RotateOptions): Promise<void> {
  const progress = progressOutput();
  const { sealed, from, to, file, oldFile, uri } = await withLocalStore((store) =>
    withStartErrors(async () => {
      const report = ({ step, rows }: { step: string; rows: number }) =>
        progress.show(() => `${step}, ${rows} rows`);
      const again = reseal ? await sealWithNewDataKey(store, wait, report) : undefined;
      return { sealed: again, ...(await wrapWithNew(store, newKeyFile, newKeyUri)) };
    }),
  ).finally(() => progress.clear());
  const json = {
    from,
    to,
    ...(file !== undefined && { file }),
    ...(oldFile !== undefined && { old_file: oldFile }),
    ...(uri !== undefined && { uri }),
    ...(sealed !== undefined && { sealed }),
  };
  const resealed = sealed === undefined ? '' : ` ${sealed} values were sealed again.`;
  show(options, json, `The master key is now ${to}, in ${file ?? uri}; it was ${from}.${resealed}`);
  if (oldFile !== undefined && !options.json)
    note(`backups until now need the old key, which is in ${oldFile}: keep it with them, and delete it here`);
  if (uri !== undefined && !options.json) note(`from now on, start with ESIM_MASTER_KEY_URI='${uri}'`);
}

type NewKey = {
  readonly from: string;
  readonly to: string;
  readonly file?: string;
  readonly oldFile?: string;
  readonly uri?: string;
};

async function wrapWithNew(
  store: ServerStore,
  file: string | undefined,
  uri: KeyUri | undefined,
): Promise<NewKey> {
  const config = localConfig();
  if (uri === undefined)
    return rotateMasterKey(store, config, file === undefined ? undefined : resolve(file));
  return { ...(await rotateToToken(store, uri, config.token)), uri: formatKeyUri(uri, 'secret-key') };
}

function parseUri(text: string): KeyUri {
  try {
    return parseKeyUri(text, 'secret-key');
  } catch (error) {
    throw error instanceof KeyUriError ? new ValueError(error.message) : error;
  }
}
