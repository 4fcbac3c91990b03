import { parseTransactionId, type TransactionId } from '@esim-rsp/sgp22/value/transaction-id';
import type { Command } from 'commander';
import { CliError, examples } from '../../command.ts';
import { withLocalStore } from '../../local-store.ts';
import { type OutputOptions, show } from '../../output.ts';
import { findSession } from '../../session/find.ts';
import { valueBy } from '../../values.ts';

/** `esim session show`: shows the calls of a download session, their checks, and which check failed. */
export function configure(command: Command): void {
  command
    .argument('<transactionId>', 'transaction id from the phone or the log', valueBy(parseTransactionId))
    .option('--json', 'write JSON to stdout')
    .action(showSession);
  examples(command, {
    'esim session show 7B3C4D5E6F708192A3B4C5D6E7F80910': 'the calls, the checks, and the refusal',
    'esim session show 7B3C4D5E6F708192A3B4C5D6E7F80910 --json': 'the same, as JSON',
  });
}

async function showSession(transactionId: TransactionId, options: OutputOptions): Promise<void> {
  const session = await withLocalStore((store) => findSession(store, transactionId));
  if (session === undefined)
    throw new CliError(
      `there is no session ${transactionId}: a session is stored when its eUICC has proved itself, and deleted ESIM_SESSION_KEEP_HOURS after it has expired`,
    );
  show(options, session.json, session.text);
}
