import { type Eid, parseEid } from '@esim-rsp/sgp22/value/eid';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import { askedIccidOf } from '@esim-rsp/smdp/state/session';
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
import { iccidArgument, numberFrom, sinceFrom, valueBy } from '../../values.ts';

const columns: Columns = {
  names: ['opened', 'session', 'from', 'iccid', 'result'],
  dropFirst: ['from', 'opened', 'iccid'],
};

/** `esim session list`: lists the latest download sessions with their results, and the calls of eUICCs that never got so far. */
export function configure(command: Command): void {
  tableOptions(command, columns)
    .option('--count <n>', 'number of sessions', numberFrom(1, 1000), 20)
    .option('--iccid <iccid>', 'only those about this profile', iccidArgument)
    .option('--eid <eid>', 'only those of this eUICC', valueBy(parseEid))
    .option('--since <time>', 'only those of the last 12h or 7d, or since a date', sinceFrom)
    .option('--reason <codes>', 'only those that failed with these codes, such as 8.2.7/3.8', reasonFrom)
    .option('--json', 'write JSON to stdout')
    .action(list);
  examples(command, {
    'esim session list': 'the latest twenty sessions and their results',
    'esim session list --since 12h --reason 8.2.7/3.8': 'the wrong confirmation codes of the last 12 hours',
    'esim session list --count 100 --json': 'the latest hundred, as JSON',
  });
}

type Options = TableOptions & {
  readonly count: number;
  readonly iccid?: Iccid;
  readonly eid?: Eid;
  readonly since?: string;
  readonly reason?: string;
};

/** The server keeps no more refused calls. */
const MOST_CALLS = 1000;

const reasonFrom = valueBy((text) => {
  if (/^\d{1,2}(\.\d{1,2}){0,3}\/\d{1,2}(\.\d{1,2}){0,3}$/.test(text)) return text;
  throw new ValueError('a subject code and a reason code are expected, such as 8.2.7/3.8');
});

function matches(
  { at, refused: { subjectCode, reasonCode } }: RefusedCall,
  { since = 0, reason }: { readonly since?: number; readonly reason?: string },
): boolean {
  return at >= since && (reason === undefined || reason === `${subjectCode}/${reasonCode}`);
}

/** A line of the list: a session, or a call without one. */
type Line = { readonly at: number; readonly json: object; readonly cells: readonly string[] };

async function list({ count, iccid, eid, since, reason, ...options }: Options): Promise<void> {
  const filter = {
    ...(iccid !== undefined && { iccid }),
    ...(eid !== undefined && { eid }),
    ...(reason !== undefined && { reason }),
    ...(since !== undefined && { since: Date.parse(since) }),
  };
  const [sessions, refused] = await withLocalStore((store) =>
    Promise.all([
      Object.keys(filter).length === 0 ? store.recentSessions(count) : store.sessions({ ...filter, count }),
      iccid === undefined && eid === undefined ? store.refusedCalls(MOST_CALLS) : [], // those name neither
    ]),
  );
  const calls = refused.filter((call) => matches(call, filter)).slice(0, count);
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
      askedIccidOf(session) ?? '-',
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
