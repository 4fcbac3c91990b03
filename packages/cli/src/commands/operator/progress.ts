import type { Operator } from '@esim-rsp/server/store/ports/operators';
import type { Command } from 'commander';
import { CliError, examples } from '../../command.ts';
import { withLocalStore } from '../../local-store.ts';
import { shownOperator } from '../../operator/identity.ts';
import { type ProgressOptions, progressFrom, progressOptions } from '../../operator/progress-options.ts';
import { note, type Shown, show } from '../../output.ts';

type Options = Shown & ProgressOptions & { readonly off?: true };

/** `esim operator progress`: where an operator is told of downloads. A running server takes notice by itself. */
export function configure(command: Command): void {
  progressOptions(command.argument('<name>', 'the operator'))
    .option('--off', 'tell it nothing any more')
    .option('--json', 'write JSON to stdout')
    .action(progress);
  examples(command, {
    'esim operator progress shop --progress-url https://shop.example.com': 'tell it of the points 1 to 4',
    'esim operator progress shop --progress-style 101': 'and of what happens on the device after that',
    'esim operator progress shop --progress-cert smdp.pem --progress-key smdp.key --progress-ca shop-ca.pem':
      'with mutual TLS',
    'esim operator progress shop --off': 'tell it nothing any more',
  });
}

async function progress(name: string, given: Options): Promise<void> {
  const { json, off, ...options } = given;
  const now = Date.now();
  const change = ({ progress: before, ...operator }: Operator): Operator => {
    const after = off ? undefined : progressFrom(options, before, now);
    return { ...operator, ...(after !== undefined && { progress: after }) };
  };
  const operator = await withLocalStore((store) => store.changeOperator(name, change));
  if (operator === undefined)
    throw new CliError(`there is no operator ${name}: see who there is with 'esim operator list'`);
  const where = operator.progress?.url ?? 'nowhere';
  show(json ? { json } : {}, shownOperator(operator), `${name} is told of downloads at ${where}`);
  if (operator.progress?.url.startsWith('http:'))
    note('plain http: anybody on the way can read and change it');
}
