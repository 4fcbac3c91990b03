import { sealWithNewDataKey, sealWithNewest } from '@esim-rsp/server/process/secrets/rotate';
import type { Command } from 'commander';
import { examples, helpText } from '../../command.ts';
import { withLocalStore, withStartErrors } from '../../local-store.ts';
import { type OutputOptions, show } from '../../output.ts';
import { progressOutput } from '../../progress.ts';

type SealOptions = OutputOptions & { readonly wait: boolean };

/** `esim secrets seal`: seals what an earlier release stored. */
export function configure(command: Command): void {
  command
    .option('--no-wait', 'no server runs: do not wait until all of them know the first data key')
    .option('--json', 'write JSON to stdout')
    .action(seal);
  command.addHelpText(
    'after',
    helpText(
      'Servers of an earlier release cannot read sealed secrets: run it when all servers have this release and the same master key. It can be interrupted, and run again.',
    ),
  );
  examples(command, { 'esim secrets seal': 'begin to seal the secrets of a PostgreSQL database' });
}

async function seal({ wait, ...options }: SealOptions): Promise<void> {
  const progress = progressOutput();
  const sealed = await withLocalStore((store) =>
    withStartErrors(async () => {
      const { masterKey } = await store.secretsStatus();
      const report = ({ step, rows }: { step: string; rows: number }) =>
        progress.show(() => `${step}, ${rows} rows`);
      return masterKey === undefined
        ? sealWithNewDataKey(store, wait, report)
        : sealWithNewest(store, report);
    }),
  ).finally(() => progress.clear());
  show(options, { sealed }, `Everything is sealed; ${sealed} values were not before.`);
}
