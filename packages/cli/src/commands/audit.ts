import type { AuditEntry, AuditQuery, ListAuditResponse } from '@esim-rsp/sdk';
import type { StoredAuditEntry } from '@esim-rsp/server/store/ports/audit';
import type { Command } from 'commander';
import { examples } from '../command.ts';
import { withLocalStore } from '../local-store.ts';
import { askApi } from '../rest/ask-api.ts';
import { type LogOptions, logOptions, logQueryFrom, noteNextPage } from '../rest/log-options.ts';
import { type RestOptions, restOptions } from '../rest/options.ts';
import { type Columns, showTable, type TableOptions, tableOptions } from '../table.ts';

const columns: Columns = {
  names: ['id', 'time', 'who', 'address', 'operation', 'target', 'status'],
  dropFirst: ['address', 'id', 'target', 'who', 'time'],
  none: 'there are no such entries',
};

type Options = RestOptions &
  TableOptions &
  LogOptions & {
    readonly key?: string;
    readonly person?: string;
    readonly operator?: string;
    readonly operation?: string;
    readonly target?: string;
    readonly unknown?: true;
  };

/** `esim audit`: shows the audit log. */
export function configure(command: Command): void {
  logOptions(tableOptions(restOptions(command), columns), 'entries')
    .option('--key <key-id>', 'only what was done with this API key')
    .option('--person <id>', 'only what this person did')
    .option('--operator <name>', 'only calls of this operator')
    .option('--operation <name>', 'only this operation, such as orderEUICCProfile')
    .option('--target <id>', 'only what concerned this, such as an ICCID')
    .option(
      '--unknown',
      "refused callers that named no account of the server; reads the data on the server's machine",
    )
    .action(audit);
  examples(command, {
    'esim audit': 'the newest entries: who did what to which, and the status',
    'esim audit --target 8900101000000000017': 'everything that was done to this profile',
    'esim audit --key 5d1c9a72f04be138 --since 7d --json': 'what a key did in the last week, as JSON',
    'esim audit --unknown': 'who was refused without a known account',
  });
}

async function audit({ unknown, ...options }: Options): Promise<void> {
  if (unknown) return showUnknown(options);
  const data: ListAuditResponse = await askApi(options, async (api) => {
    const list = api.listAudit(queryFrom(options));
    return options.all ? { entries: await Array.fromAsync(list), more: false } : (await list).data;
  });
  showTable(options, data, columns, auditRows(data.entries));
  if (!options.json) noteNextPage(data, 'entries');
}

function queryFrom({ key, person, operator, operation, target, ...range }: Options): AuditQuery {
  return {
    ...logQueryFrom(range),
    ...(key !== undefined && { key_id: key }),
    ...(person !== undefined && { person_id: person }),
    ...(operator !== undefined && { operator }),
    ...(operation !== undefined && { operation }),
    ...(target !== undefined && { target }),
  };
}

type Line = Pick<AuditEntry, 'person' | 'person_id'> &
  Pick<AuditEntry, 'id' | 'occurred_at' | 'key_id' | 'operator' | 'address' | 'operation'> &
  Pick<AuditEntry, 'target' | 'status' | 'code' | 'erased_at'>;

function auditRows(entries: readonly Line[]): string[][] {
  return entries.map((entry) => [
    String(entry.id),
    entry.occurred_at,
    whoIn(entry),
    entry.address ?? '-',
    entry.operation,
    entry.target ?? '-',
    [entry.status ?? '-', entry.code ?? ''].join(' ').trimEnd(),
  ]);
}

function whoIn({ key_id, person, person_id, operator, address, erased_at }: Line): string {
  if (erased_at !== undefined) return 'erased';
  if (person_id !== undefined) return person ?? person_id;
  if (key_id !== undefined) return key_id;
  if (operator !== undefined) return `operator ${operator}`;
  return address === undefined ? 'command line' : 'refused';
}

async function showUnknown({ count = 100, ...options }: Options): Promise<void> {
  const { items: found } = await withLocalStore((store) => store.auditEntries({ account: '', count }));
  showTable(options, found.map(lineOf), columns, auditRows(found.map(lineOf)));
}

function lineOf({ id, at, address, operation, targets, status, code }: StoredAuditEntry): Line {
  const [target] = targets;
  return {
    id,
    occurred_at: new Date(at).toISOString(),
    ...(address !== undefined && { address }),
    operation,
    ...(target !== undefined && { target }),
    ...(status !== undefined && { status }),
    ...(code !== undefined && { code }),
  };
}
