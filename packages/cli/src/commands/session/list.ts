import type { Command } from 'commander';
import { examples } from '../../command.ts';
import { withLocalStore } from '../../local-store.ts';
import { note, type OutputOptions, show, table } from '../../output.ts';
import { outcomeText, type Session, sessionJson } from '../../session/text.ts';
import { numberFrom } from '../../values.ts';

/** `esim session list`: lists the latest download sessions with their results. */
export function configure(command: Command): void {
  command
    .option('--count <n>', 'number of sessions', numberFrom(1, 1000), 20)
    .option('--json', 'write JSON to stdout')
    .action(list);
  examples(command, {
    'esim session list': 'the latest twenty sessions and their results',
    'esim session list --count 100 --json': 'the latest hundred, as JSON',
  });
}

async function list({ count, ...options }: OutputOptions & { readonly count: number }): Promise<void> {
  const sessions = await withLocalStore((store) => store.recentSessions(count));
  show(
    options,
    sessions.map(sessionJson),
    table(['opened', 'session', 'iccid', 'result'], sessions.map(row)),
  );
  if (sessions.length > 0 && !options.json) note("to see the details: 'esim session show <session>'");
}

function row(session: Session): string[] {
  const { transactionId, journal = [] } = session;
  const failed = journal.findLast(({ refused, reported }) => refused !== undefined || reported !== undefined);
  const [opened, last] = [journal[0], failed ?? journal.at(-1)];
  return [
    opened === undefined ? '-' : new Date(opened.at).toISOString(),
    transactionId,
    'iccid' in session ? session.iccid : '-',
    last === undefined ? '-' : `${last.function}: ${outcomeText(last)}`,
  ];
}
