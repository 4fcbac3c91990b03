import type { PlainRecord } from '@esim-rsp/server/store/ports/secrets/secret-store';
import type { ServerStore } from '@esim-rsp/server/store/ports/server-store';
import type { Command } from 'commander';
import { CliError, examples, helpText } from '../../command.ts';
import { withLocalStore, writeAuditEntries, writeAuditEntry } from '../../local-store.ts';
import { type OutputOptions, show } from '../../output.ts';

type Options = OutputOptions & { readonly seal?: string };

/** Records of each table that are listed. */
const MOST = 1000;

/** `esim secrets plain`: the records with secrets that somebody else has written without sealing them. */
export function configure(command: Command): void {
  command
    .option('--seal <record>', 'seal the values of this record as they are')
    .option('--json', 'write JSON to stdout')
    .action(plain);
  command.addHelpText(
    'after',
    helpText(
      'It reads the whole database. Values that are not sealed come from somebody who can write to the database: find out who, and restore the record from a backup if you can. If you trust the value, seal it; then replace the order, rotate the secret, or delete the record as usual.',
    ),
  );
  examples(command, {
    'esim secrets plain': 'list the records whose secrets are not sealed',
    'esim secrets plain --seal profile/8988201000000000012': 'seal what this one has',
  });
}

async function plain({ seal, ...options }: Options): Promise<void> {
  await withLocalStore(async (store) => {
    if (!(await store.secretsStatus()).refusesPlain)
      throw new CliError(
        "not everything is sealed yet, so values that are not sealed are still accepted: see 'esim secrets status'",
      );
    const records = await store.plainRecords(MOST);
    if (seal === undefined) return list(options, records);
    const record = records.find((each) => nameOf(each) === seal);
    if (record === undefined)
      throw new CliError(
        `there is no record ${seal} with values that are not sealed: see 'esim secrets plain'`,
      );
    await sealRecord(store, record);
    show(
      options,
      { sealed: seal, columns: record.columns },
      `Sealed: ${record.columns.join(', ')} of ${seal}.`,
    );
  });
}

function list(options: OutputOptions, records: readonly PlainRecord[]): void {
  const found = records.map((record) => ({
    record: nameOf(record),
    columns: record.columns,
    account: record.account ?? null,
  }));
  const lines = found.map(
    ({ record, columns, account }) => `${record}  ${columns.join(', ')}  ${account ?? 'of the whole server'}`,
  );
  show(options, { records: found }, lines.join('\n') || 'Every secret is sealed.');
}

async function sealRecord(store: ServerStore, record: PlainRecord): Promise<void> {
  const [operation, target] = ['esim secrets plain --seal', nameOf(record)];
  if (record.account === undefined) await writeAuditEntries(store, operation, [target]);
  else await writeAuditEntry(store, { account: record.account, operation, target });
  const outcome = await store.sealPlain(record);
  if (outcome === 'taken')
    throw new CliError(`${target} has the MatchingID of another order: restore the record from a backup`);
  if (outcome === 'unknown') throw new CliError(`${target} has changed meanwhile: run it again`);
}

/** The table and the key, each part as in a URL: `upstream/lab/vendor`. */
function nameOf({ table, key }: PlainRecord): string {
  return [table, ...key].map((part) => encodeURIComponent(part)).join('/');
}
