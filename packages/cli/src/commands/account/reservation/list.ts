import { formatNumberRange } from '@esim-rsp/smdp/state/number-range';
import type { Command } from 'commander';
import { examples } from '../../../command.ts';
import { withLocalStore } from '../../../local-store.ts';
import { type Columns, showTable, type TableOptions, tableOptions } from '../../../table.ts';

const columns: Columns = {
  names: ['account', 'created', 'range'],
  dropFirst: ['created', 'account'],
  none: "there are no reservations: see 'esim account reservation create --help'",
};

/** `esim account reservation list`: lists the reserved ranges of ICCIDs. */
export function configure(command: Command): void {
  tableOptions(command, columns).option('--json', 'write JSON to stdout').action(list);
  examples(command, { 'esim account reservation list': 'the reserved ranges of all accounts' });
}

async function list(options: TableOptions): Promise<void> {
  const reservations = (await withLocalStore((store) => store.numberReservations())).map((one) => ({
    range: formatNumberRange(one),
    user_id: one.account,
    created_at: new Date(one.createdAt * 1000).toISOString(),
  }));
  const rows = reservations.map(({ range, user_id, created_at }) => [user_id, created_at, range]);
  showTable(options, reservations, columns, rows);
}
