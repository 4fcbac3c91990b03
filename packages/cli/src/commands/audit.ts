import type { Command } from 'commander';
import { examples } from '../command.ts';
import { note, show, table } from '../output.ts';
import { askApi } from '../rest/ask-api.ts';
import { type RestOptions, restOptions } from '../rest/options.ts';
import { numberFrom } from '../values.ts';

type Options = RestOptions & { readonly after?: number; readonly count?: number };

/** `esim audit`: shows the audit log. */
export function configure(command: Command): void {
  restOptions(command)
    .option('--after <id>', 'only entries with a higher number than this', numberFrom(0, 999_999_999))
    .option('--count <n>', 'number of entries', numberFrom(1, 1000))
    .action(audit);
  examples(command, {
    'esim audit': 'the first entries: time, key, address, operation and status',
    'esim audit --after 100 --json': 'the entries after number 100, as JSON',
  });
}

async function audit({ after, count, ...options }: Options): Promise<void> {
  const query = { ...(after !== undefined && { after }), ...(count !== undefined && { count }) };
  const { data } = await askApi(options, (api) => api.listAudit(query));
  const rows = data.entries.map((entry) => [
    String(entry.id),
    entry.time,
    entry.key_id ?? 'command line',
    entry.address ?? '-',
    entry.operation,
    entry.target ?? '-',
    String(entry.status ?? '-'),
  ]);
  show(options, data, table(['id', 'time', 'key', 'address', 'operation', 'target', 'status'], rows));
  if (data.more && !options.json) note(`there are more; to continue: --after ${data.last_id}`);
}
