import type { Command } from 'commander';
import { examples } from '../../command.ts';
import { withLocalStore } from '../../local-store.ts';
import { note, type Shown, show, table } from '../../output.ts';
import { outcomeText, type Session, sessionJson } from '../../session/text.ts';
import { numberFrom } from '../../values.ts';

/** `esim session list`: the last download sessions, and how they ended. */
export function configure(command: Command): void {
  command
    .option('--count <n>', 'how many', numberFrom(1, 1000), 20)
    .option('--json', 'write JSON to stdout')
    .action(list);
  examples(command, {
    'esim session list': 'the last twenty sessions, and how they ended',
    'esim session list --count 100 --json': 'more of them, for programs',
  });
}

async function list({ count, ...options }: Shown & { readonly count: number }): Promise<void> {
  const sessions = await withLocalStore((store) => store.recentSessions(count));
  show(
    options,
    sessions.map(sessionJson),
    table(['opened', 'session', 'iccid', 'what came of it'], sessions.map(row)),
  );
  if (sessions.length > 0 && !options.json) note("look into one: 'esim session show <session>'");
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
