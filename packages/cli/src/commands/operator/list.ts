import type { Command } from 'commander';
import { examples } from '../../command.ts';
import { withLocalStore } from '../../local-store.ts';
import { operatorJson } from '../../operator/identity.ts';
import { type Columns, showTable, type TableOptions, tableOptions } from '../../table.ts';

const columns: Columns = {
  names: ['name', 'account', 'requester ids', 'identity', 'download notifications to'],
  dropFirst: ['requester ids', 'account', 'identity'],
  none: "there are no operators yet: see 'esim operator create --help'",
};

/** `esim operator list`: lists the operators that may call ES2+. */
export function configure(command: Command): void {
  tableOptions(command, columns).option('--json', 'write JSON to stdout').action(list);
  examples(command, { 'esim operator list': 'the operators and their certificates' });
}

async function list(options: TableOptions): Promise<void> {
  const operators = (await withLocalStore((store) => store.operators())).map(operatorJson);
  const rows = operators.map((operator) => [
    operator.name,
    operator.user_id,
    operator.requester_identifiers.join(', '),
    'certificate_sha256' in operator
      ? `certificate ${operator.certificate_sha256}`
      : `CA ${operator.ca_subject}`,
    operator.progress?.url ?? '',
  ]);
  showTable(options, operators, columns, rows);
}
