import type { Command } from 'commander';
import { CliError, examples } from '../../command.ts';
import { withLocalStore, writeAuditEntry } from '../../local-store.ts';
import { type OutputOptions, show } from '../../output.ts';

/** `esim operator delete`: deletes an operator. The server refuses its calls; its orders stay. */
export function configure(command: Command): void {
  command.argument('<name>', 'the operator').option('--json', 'write JSON to stdout').action(deleteOperator);
  examples(command, { 'esim operator delete shop': 'delete the operator shop' });
}

async function deleteOperator(name: string, { json }: OutputOptions): Promise<void> {
  const outcome = await withLocalStore(async (store) => {
    const account = await store.deleteOperator(name);
    if (account === undefined) return 'unknown';
    await writeAuditEntry(store, { account, operation: 'esim operator delete', target: name });
    return 'deleted';
  });
  if (outcome === 'unknown')
    throw new CliError(`there is no operator ${name}: 'esim operator list' shows the operators`);
  show(
    json ? { json } : {},
    { name, deleted: true },
    `The operator ${name} is deleted: its calls to ES2+ are refused.`,
  );
}
