import { resolve } from 'node:path';
import { rotateMasterKey, sealWithNewDataKey } from '@esim-rsp/server/process/secrets/rotate';
import type { Command } from 'commander';
import { examples, helpText } from '../../command.ts';
import { localConfig } from '../../local.ts';
import { withLocalStore, withStartErrors } from '../../local-store.ts';
import { type OutputOptions, show } from '../../output.ts';
import { progressOutput } from '../../progress.ts';

type RotateOptions = OutputOptions & {
  readonly newKeyFile?: string;
  readonly reseal?: true;
  readonly wait: boolean;
};

/** `esim secrets rotate`: a new master key, and a new data key for everything on request. */
export function configure(command: Command): void {
  command
    .option('--new-key-file <file>', 'file with the new master key; it is created if there is none')
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
      'Servers may run, and continue with the keys that they have; after that they start with the new master key only. Without --new-key-file the file of the master key is replaced. If it was interrupted, run it again with the same options. Backups need the master key of their time: keep the old one as long as you keep them.',
    ),
  );
  examples(command, {
    'esim secrets rotate': 'replace the master key in its file',
    'esim secrets rotate --new-key-file /run/keys/new --reseal':
      'the new key is in another file, and every secret is sealed again',
  });
}

async function rotate({ newKeyFile, reseal, wait, ...options }: RotateOptions): Promise<void> {
  const progress = progressOutput();
  const { sealed, from, to, file } = await withLocalStore((store) =>
    withStartErrors(async () => {
      const report = ({ step, rows }: { step: string; rows: number }) =>
        progress.show(() => `${step}, ${rows} rows`);
      const again = reseal ? await sealWithNewDataKey(store, wait, report) : undefined;
      const path = newKeyFile === undefined ? undefined : resolve(newKeyFile);
      return { sealed: again, ...(await rotateMasterKey(store, localConfig(), path)) };
    }),
  ).finally(() => progress.clear());
  const json = { from, to, file, ...(sealed !== undefined && { sealed }) };
  const resealed = sealed === undefined ? '' : ` ${sealed} values were sealed again.`;
  show(options, json, `The master key is now ${to}, in ${file}; it was ${from}.${resealed}`);
}
