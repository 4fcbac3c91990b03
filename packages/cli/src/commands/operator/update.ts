import type { Operator } from '@esim-rsp/server/store/ports/operators';
import type { Command } from 'commander';
import { CliError, examples } from '../../command.ts';
import { localOnly } from '../../local-only.ts';
import { withLocalStore, writeAuditEntry } from '../../local-store.ts';
import { operatorJson } from '../../operator/identity.ts';
import { type ProgressOptions, progressFrom, progressOptions } from '../../operator/progress-options.ts';
import { note, type OutputOptions, show } from '../../output.ts';

type Options = OutputOptions & ProgressOptions & { readonly progress?: boolean };

/** `esim operator update`: sets where an operator receives download notifications. A running server uses it without a restart. */
export function configure(command: Command): void {
  progressOptions(command.argument('<name>', 'the operator'))
    .option('--no-progress', 'send no more notifications')
    .option('--json', 'write JSON to stdout')
    .action(update);
  examples(command, {
    'esim operator update shop --progress-url https://shop.example.com': 'send the points 1 to 4',
    'esim operator update shop --progress-style 101': 'also send enabled, disabled and deleted',
    'esim operator update shop --progress-cert smdp.pem --progress-key smdp.key --progress-ca shop-ca.pem':
      'with mutual TLS',
    'esim operator update shop --no-progress': 'send no more notifications',
  });
  localOnly(command, 'PATCH /operators/{operator} (updateOperator)');
}

async function update(name: string, all: Options): Promise<void> {
  const { json, progress: isSent = true, ...options } = all;
  if (isSent && Object.keys(options).length === 0)
    throw new CliError("there is nothing to update: see 'esim operator update --help'", 2);
  const operator = await withLocalStore(async (store) => {
    const begin = { from: Date.now(), after: await store.lastEventId() };
    const updated = await store.updateOperator(
      name,
      ({ progress: before, ...others }: Operator): Operator => {
        const progress = isSent ? progressFrom(options, before, begin) : undefined;
        return { ...others, ...(progress !== undefined && { progress }) };
      },
    );
    if (updated === undefined) return undefined;
    const { account } = updated;
    await writeAuditEntry(store, { account, operation: 'esim operator update', target: name });
    return updated;
  });
  if (operator === undefined)
    throw new CliError(`there is no operator ${name}: 'esim operator list' shows the operators`);
  const where = operator.progress?.url;
  show(
    json ? { json } : {},
    operatorJson(operator),
    where === undefined
      ? `${name} receives no download notifications`
      : `${name} receives download notifications at ${where}`,
  );
  if (operator.progress?.url.startsWith('http:'))
    note('warning: plain http is not encrypted; others can read and change the messages');
}
