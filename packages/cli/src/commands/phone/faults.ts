import { faults, type NamedFault } from '@esim-rsp/euicc/fault';
import { isCardFault } from '@esim-rsp/phone';
import type { Command } from 'commander';
import { examples } from '../../command.ts';
import { type Columns, showTable, type TableOptions, tableOptions } from '../../table.ts';

const columns: Columns = {
  names: ['name', 'by', 'shows at', 'refused', 'what happens'],
  dropFirst: ['by', 'shows at', 'refused'],
};

/** `esim phone faults`: what a phone can do wrong on request. */
export function configure(command: Command): void {
  tableOptions(command, columns).option('--json', 'write JSON to stdout').action(list);
  examples(command, {
    'esim phone faults': 'list what phones can do wrong, and what an SM-DP+ should answer',
    "esim phone download 'LPA:1$…' --fault eum-expired": 'simulate one of them',
  });
}

function list(options: TableOptions): void {
  const known = Object.entries(faults).map(([name, fault]: [string, NamedFault]) => ({
    name,
    by: isCardFault(fault) ? 'eUICC' : 'LPA',
    step: fault.step,
    refused: fault.refused,
    about: fault.about,
  }));
  const rows = known.map(({ name, by, step, refused = '-', about }) => [name, by, step, refused, about]);
  showTable(options, known, columns, rows);
}
