import type { Command } from 'commander';
import { examples } from '../command.ts';
import { note, show, table } from '../output.ts';
import { askApi } from '../rest/ask-api.ts';
import { type RestOptions, restOptions } from '../rest/options.ts';
import { numberFrom } from '../values.ts';

type Options = RestOptions & { readonly cursor?: string; readonly count?: number };

/** `esim audit`: shows the audit log. */
export function configure(command: Command): void {
  restOptions(command)
    .option('--cursor <cursor>', 'continue after the previous page, or after the entry with this number')
    .option('--count <n>', 'number of entries', numberFrom(1, 1000))
    .action(audit);
  examples(command, {
    'esim audit': 'the first entries: time, key, address, operation and status',
    'esim audit --cursor 100 --json': 'the entries after number 100, as JSON',
  });
}

async function audit({ cursor, count, ...options }: Options): Promise<void> {
  const query = { ...(cursor !== undefined && { cursor }), ...(count !== undefined && { count }) };
  const { data } = await askApi(options, (api) => api.listAudit(query));
  const rows = data.entries.map((entry) => [
    String(entry.id),
    entry.occurred_at,
    entry.key_id ?? 'command line',
    entry.address ?? '-',
    entry.operation,
    entry.target ?? '-',
    String(entry.status ?? '-'),
  ]);
  show(options, data, table(['id', 'time', 'key', 'address', 'operation', 'target', 'status'], rows));
  if (data.more && !options.json) note(`there are more; to continue: --cursor ${data.next_cursor}`);
}
