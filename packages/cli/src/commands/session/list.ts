import type { Command } from 'commander';
import { examples } from '../../command.ts';
import { withLocalStore } from '../../local-store.ts';
import { note } from '../../output.ts';
import {
  outcomeText,
  type RefusedCall,
  refusedCallJson,
  type Session,
  sessionJson,
} from '../../session/text.ts';
import { type Columns, showTable, type TableOptions, tableOptions } from '../../table.ts';
import { numberFrom } from '../../values.ts';

const columns: Columns = {
  names: ['opened', 'session', 'from', 'iccid', 'result'],
  dropFirst: ['from', 'opened', 'iccid'],
};

/** `esim session list`: lists the latest download sessions with their results, and the calls of eUICCs that never got so far. */
export function configure(command: Command): void {
  tableOptions(command, columns)
    .option('--count <n>', 'number of sessions', numberFrom(1, 1000), 20)
    .option('--json', 'write JSON to stdout')
    .action(list);
  examples(command, {
    'esim session list': 'the latest twenty sessions and their results',
    'esim session list --count 100 --json': 'the latest hundred, as JSON',
  });
}

/** A line of the list: a session, or a call without one. */
type Line = { readonly at: number; readonly json: object; readonly cells: readonly string[] };

async function list({ count, ...options }: TableOptions & { readonly count: number }): Promise<void> {
  const [sessions, calls] = await withLocalStore((store) =>
    Promise.all([store.recentSessions(count), store.refusedCalls(count)]),
  );
  const lines = [...sessions.map(sessionLine), ...calls.map(refusedCallLine)]
    .toSorted((one, other) => other.at - one.at)
    .slice(0, count);
  showTable(
    options,
    lines.map(({ json }) => json),
    columns,
    lines.map(({ cells }) => cells),
  );
  if (options.json || lines.length === 0) return;
  const skipped = calls.reduce((sum, call) => sum + call.skipped, 0);
  if (skipped > 0) note(`${skipped} more refused calls were not stored, because they were too many`);
  note("to see the details: 'esim session show <session>'");
}

function sessionLine(session: Session): Line {
  const { transactionId, journal = [] } = session;
  const failed = journal.findLast(({ refused, reported }) => refused !== undefined || reported !== undefined);
  const [opened, last] = [journal[0], failed ?? journal.at(-1)];
  return {
    at: opened?.at ?? 0,
    json: sessionJson(session),
    cells: [
      opened === undefined ? '-' : new Date(opened.at).toISOString(),
      transactionId,
      'eid' in session ? session.eid : '-',
      'iccid' in session ? session.iccid : '-',
      last === undefined ? '-' : `${last.function}: ${outcomeText(last)}`,
    ],
  };
}

function refusedCallLine(call: RefusedCall): Line {
  const { at, address, transactionId, ciPKIds } = call;
  const cis = ciPKIds.length === 0 ? '' : ` (CIs of the eUICC: ${ciPKIds.join(', ')})`;
  return {
    at,
    json: refusedCallJson(call),
    cells: [
      new Date(at).toISOString(),
      transactionId ?? '-',
      address,
      '-',
      `${call.function}: ${outcomeText(call)}${cis}`,
    ],
  };
}
