import { faults, type NamedFault } from '@esim-rsp/euicc/fault';
import { isCardFault } from '@esim-rsp/phone';
import type { Command } from 'commander';
import { examples } from '../../command.ts';
import { type OutputOptions, show, table } from '../../output.ts';

/** `esim phone faults`: what a phone can do wrong on request. */
export function configure(command: Command): void {
  command.option('--json', 'write JSON to stdout').action(list);
  examples(command, {
    'esim phone faults': 'list what phones can do wrong, and what an SM-DP+ should answer',
    "esim phone download 'LPA:1$…' --fault eum-expired": 'simulate one of them',
  });
}

function list(options: OutputOptions): void {
  const known = Object.entries(faults).map(([name, fault]: [string, NamedFault]) => ({
    name,
    by: isCardFault(fault) ? 'eUICC' : 'LPA',
    step: fault.step,
    refused: fault.refused,
    about: fault.about,
  }));
  const rows = known.map(({ name, by, step, refused = '-', about }) => [name, by, step, refused, about]);
  show(options, known, table(['name', 'by', 'shows at', 'refused', 'what happens'], rows));
}
