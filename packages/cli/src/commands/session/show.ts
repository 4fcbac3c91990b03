import type { ServerStore } from '@esim-rsp/server/store/port';
import { parseTransactionId, type TransactionId } from '@esim-rsp/sgp22/value/transaction-id';
import type { Command } from 'commander';
import { CliError, examples } from '../../command.ts';
import { withLocalStore } from '../../local-store.ts';
import { fields, type Shown, show, table } from '../../output.ts';
import { valueBy } from '../../values.ts';

type Session = NonNullable<Awaited<ReturnType<ServerStore['session']>>>;
type JournalEntry = NonNullable<Session['journal']>[number];

/** `esim session show`: the calls of a download session, and why one was refused. */
export function configure(command: Command): void {
  command
    .argument('<transactionId>', 'as the phone or the log names it', valueBy(parseTransactionId))
    .option('--json', 'write JSON to stdout')
    .action(showSession);
  examples(command, {
    'esim session show 7B3C4D5E6F708192A3B4C5D6E7F80910': 'what was asked, and what was refused and why',
    'esim session show 7B3C4D5E6F708192A3B4C5D6E7F80910 --json': 'the same, for programs',
  });
}

async function showSession(transactionId: TransactionId, options: Shown): Promise<void> {
  const session = await withLocalStore((store) => store.session(transactionId));
  if (session === undefined)
    throw new CliError(
      `there is no session ${transactionId}: sessions are removed soon after they have expired`,
    );
  show(options, jsonOf(session), textOf(session));
}

const time = (at: number): string => new Date(at).toISOString();

function jsonOf(session: Session) {
  return {
    transaction_id: session.transactionId,
    stage: session.stage,
    expires_at: time(session.expiresAt),
    ...('iccid' in session && { eid: session.eid, iccid: session.iccid }),
    calls: (session.journal ?? []).map(({ function: name, at, refused }) => ({
      function: name,
      at: time(at),
      ...(refused !== undefined && {
        refused: {
          subject_code: refused.subjectCode,
          reason_code: refused.reasonCode,
          message: refused.message,
        },
      }),
    })),
  };
}

function textOf(session: Session): string {
  const known =
    'iccid' in session
      ? ([
          ['eid', session.eid],
          ['iccid', session.iccid],
        ] as const)
      : [];
  const head = fields([
    ['session', session.transactionId],
    ['stage', session.stage],
    ['expires', time(session.expiresAt)],
    ...known,
  ]);
  const rows = (session.journal ?? []).map((entry) => [time(entry.at), entry.function, outcomeOf(entry)]);
  return `${head}\n\n${table(['at', 'function', 'outcome'], rows)}`;
}

function outcomeOf({ refused }: JournalEntry): string {
  if (refused === undefined) return 'accepted';
  return `refused ${refused.subjectCode}/${refused.reasonCode}: ${refused.message}`;
}
