import { parseTransactionId, type TransactionId } from '@esim-rsp/sgp22/value/transaction-id';
import type { Command } from 'commander';
import { CliError, examples } from '../../command.ts';
import { show } from '../../output.ts';
import { askApi } from '../../rest/ask-api.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';
import { sessionText } from '../../session/text.ts';
import { valueBy } from '../../values.ts';

type Options = RestOptions & { readonly local?: true };

/** `esim session show`: shows the calls of a download session, their checks, and which check failed. */
export function configure(command: Command): void {
  restOptions(command)
    .argument('<transactionId>', 'transaction id from the phone or the log', valueBy(parseTransactionId))
    .option('--local', 'read the data folder of the server on this machine: sessions of all accounts')
    .action(showSession);
  examples(command, {
    'esim session show 7B3C4D5E6F708192A3B4C5D6E7F80910': 'the calls, the checks, and the refusal',
    'esim session show 7B3C4D5E6F708192A3B4C5D6E7F80910 --json': 'the same, as JSON',
  });
}

async function showSession(transactionId: TransactionId, { local, ...options }: Options): Promise<void> {
  const session = local
    ? await localSession(transactionId)
    : await askApi(options, async (api) => (await api.getDownloadAttempt(transactionId)).data);
  show(options, session, sessionText(session));
}

async function localSession(transactionId: TransactionId) {
  const { findLocalSession } = await import('../../session/local.ts'); // loads the server's code only when it is needed
  const session = await findLocalSession(transactionId);
  if (session !== undefined) return session;
  throw new CliError(
    `there is no session ${transactionId}: a session is stored when its eUICC has proved itself, and deleted ESIM_KEEP_SESSIONS days after it has expired`,
  );
}
