import type { AuditEntry, ESIMRSPApi } from '@esim-rsp/sdk';
import type { Command } from 'commander';
import { CliError, examples, helpText } from '../../command.ts';
import { show } from '../../output.ts';
import { askApi } from '../../rest/ask-api.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';
import { numberFrom } from '../../values.ts';

type Options = RestOptions & { readonly target?: string; readonly reason: string };

/** What the server writes about its own logs: it has nothing personal, and stays. */
const records = ['eraseLogEntries', 'cutLog'];

/** `esim audit erase`: erases the content of audit entries for good. */
export function configure(command: Command): void {
  restOptions(command)
    .argument('[id]', "number of an entry, from 'esim audit'", numberFrom(1, 999_999_999_999_999))
    .option('--target <id>', 'all entries that concerned this, such as an ICCID')
    .requiredOption('--reason <text>', 'why; it stays in the audit log, so name no person')
    .action(erase);
  command.addHelpText(
    'after',
    helpText(
      'What is left of an entry is its time, its operation and its status. The log says that it was erased, by which key and why, and `esim audit verify` still passes.',
    ),
  );
  examples(command, {
    "esim audit erase 42 --reason 'request 2026-117'": 'erase one entry',
    "esim audit erase --target 8900101000000000017 --reason 'request 2026-117'":
      'erase all that was done to a profile',
  });
}

async function erase(id: number | undefined, options: Options): Promise<void> {
  const { target, reason } = options;
  if ((id === undefined) === (target === undefined))
    throw new CliError('name one entry, or all of a target with --target', 2);
  const entries = await askApi(options, async (api) => {
    const erased: AuditEntry[] = [];
    for (const one of id === undefined ? await entriesOf(api, target ?? '') : [id])
      erased.push((await api.eraseAuditEntry(one, { reason })).data);
    return erased;
  });
  const text = entries.length === 1 ? `The entry ${entries[0]?.id} is` : `${entries.length} entries are`;
  show(options, { entries }, `${text} erased.`);
}

async function entriesOf(api: ESIMRSPApi, target: string): Promise<readonly number[]> {
  const found = await Array.fromAsync(api.listAudit({ target }));
  return found.filter(({ operation }) => !records.includes(operation)).map(({ id }) => id);
}
