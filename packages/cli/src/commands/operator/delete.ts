import type { Command } from 'commander';
import { CliError, examples } from '../../command.ts';
import { noteAct, withLocalStore } from '../../local-store.ts';
import { type Shown, show } from '../../output.ts';

/** `esim operator delete`: its calls are refused from now on; what it ordered stays ordered. */
export function configure(command: Command): void {
  command.argument('<name>', 'the operator').option('--json', 'write JSON to stdout').action(deleteOperator);
  examples(command, { 'esim operator delete shop': 'delete the operator shop' });
}

async function deleteOperator(name: string, { json }: Shown): Promise<void> {
  const outcome = await withLocalStore(async (store) => {
    const account = (await store.operators()).find((operator) => operator.name === name)?.account;
    const removed = await store.removeOperator(name);
    if (account !== undefined)
      await noteAct(store, { account, operation: 'esim operator delete', target: name });
    return removed;
  });
  if (outcome === 'unknown')
    throw new CliError(`there is no operator ${name}: see who there is with 'esim operator list'`);
  show(
    json ? { json } : {},
    { name, deleted: true },
    `The operator ${name} is deleted: its calls to ES2+ are refused.`,
  );
}
