import { ApiError, type DownloadAttempt, type ESIMRSPApi, type RefusedCall } from '@esim-rsp/sdk';
import { type Eid, parseEid } from '@esim-rsp/sgp22/value/eid';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import type { Command } from 'commander';
import { examples } from '../../command.ts';
import { note } from '../../output.ts';
import { askApi } from '../../rest/ask-api.ts';
import { type RestOptions, restOptions } from '../../rest/options.ts';
import type { RefusedSession, SessionFilter } from '../../session/local.ts';
import { decidingCall, outcomeText, type ShownSession } from '../../session/text.ts';
import { type Columns, showTable, type TableOptions, tableOptions } from '../../table.ts';
import { iccidArgument, numberFrom, sinceFrom, valueBy } from '../../values.ts';

const columns: Columns = {
  names: ['opened', 'session', 'from', 'iccid', 'result'],
  dropFirst: ['from', 'opened', 'iccid', 'session'],
  none: 'there are no such sessions',
};

/** `esim session list`: lists the latest download sessions with their results, and the calls of eUICCs that never got so far. */
export function configure(command: Command): void {
  tableOptions(restOptions(command), columns)
    .option('--count <n>', 'number of sessions', numberFrom(1, 1000), 20)
    .option('--iccid <iccid>', 'only those about this profile, also unproven ones', iccidArgument)
    .option('--eid <eid>', 'only those of this eUICC, also unproven ones', valueBy(parseEid))
    .option('--since <time>', 'only those of the last 12h or 7d, or since a date', sinceFrom)
    .option('--reason <codes>', 'only those that failed with these codes, such as 8.2.7/3.8', reasonFrom)
    .option('--local', 'read the data folder of the server on this machine: all accounts, with addresses')
    .action(list);
  examples(command, {
    'esim session list': 'the latest twenty sessions and their results',
    'esim session list --since 12h --reason 8.2.7/3.8': 'the wrong confirmation codes of the last 12 hours',
    'esim session list --count 100 --json': 'the latest hundred, as JSON',
    'esim session list --local': 'all accounts, on the machine of the server',
  });
}

type Filter = {
  readonly count: number;
  readonly iccid?: Iccid;
  readonly eid?: Eid;
  readonly since?: string;
  readonly reason?: string;
};
type Options = RestOptions & TableOptions & Filter & { readonly local?: true };

const reasonFrom = valueBy((text) => {
  if (/^\d{1,2}(\.\d{1,2}){0,3}\/\d{1,2}(\.\d{1,2}){0,3}$/.test(text)) return text;
  throw new ValueError('a subject code and a reason code are expected, such as 8.2.7/3.8');
});

/** A line of the list: a session, or a call without one. */
type Line = {
  readonly at: string;
  readonly json: object;
  readonly cells: readonly string[];
  skipped: number;
};

async function list({ count, iccid, eid, since, reason, local, ...options }: Options): Promise<void> {
  const filter = {
    count,
    ...(iccid !== undefined && { iccid }),
    ...(eid !== undefined && { eid }),
    ...(reason !== undefined && { reason }),
    ...(since !== undefined && { since }),
  };
  const found = local ? await localLines(filter) : await askApi(options, (api) => remoteLines(api, filter));
  const lines = found.toSorted((one, other) => other.at.localeCompare(one.at)).slice(0, count);
  showTable(
    options,
    lines.map(({ json }) => json),
    columns,
    lines.map(({ cells }) => cells),
  );
  if (options.json || lines.length === 0) return;
  const skipped = lines.reduce((sum, line) => sum + line.skipped, 0);
  if (skipped > 0) note(`${skipped} more refused calls were not stored, because they were too many`);
  note(`to see the details: 'esim session show <session>${local ? ' --local' : ''}'`);
}

async function localLines(filter: SessionFilter): Promise<Line[]> {
  const { listLocalSessions } = await import('../../session/local.ts'); // loads the server's code only when it is needed
  return (await listLocalSessions(filter)).map(localLine);
}

function localLine(session: ShownSession | RefusedSession): Line {
  const { address, ci_pk_ids } = session;
  const last = decidingCall(session.calls);
  const result = last === undefined ? '-' : `${last.function}: ${outcomeText(last)}`;
  const isClaim = 'skipped' in session;
  return {
    at: session.opened_at,
    json: session,
    cells: [
      session.opened_at,
      session.transaction_id ?? '-',
      address ?? session.eid ?? '-',
      (isClaim ? unproven(session.claimed_iccid) : session.iccid) ?? '-',
      result + ciText(ci_pk_ids),
    ],
    skipped: isClaim ? session.skipped : 0,
  };
}

async function remoteLines(api: ESIMRSPApi, filter: Filter): Promise<Line[]> {
  const attempts = await newestAttempts(api, filter);
  return [...attempts.map(attemptLine), ...(await refusedLines(api, filter))];
}

/** The server ends a long search after some time: then the next page continues it. */
async function newestAttempts(api: ESIMRSPApi, filter: Filter): Promise<DownloadAttempt[]> {
  const found: DownloadAttempt[] = [];
  for await (const attempt of api.listDownloadAttempts(filter)) {
    found.push(attempt);
    if (found.length === filter.count) break;
  }
  return found;
}

/** A key without the permission for them lists the sessions of its account only. */
async function refusedLines(api: ESIMRSPApi, filter: Filter): Promise<Line[]> {
  try {
    const { calls, search_limited, searched_since } = (await api.listRefusedCalls(filter)).data;
    if (search_limited) note(`refused calls before ${searched_since} were not examined`);
    return calls.map(refusedLine);
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 403) throw error;
    note(
      'this key lists no calls of phones that did not prove themselves: that needs the permission support',
    );
    return [];
  }
}

function attemptLine(attempt: DownloadAttempt): Line {
  const { opened_at: at, transaction_id, eid, iccid, calls } = attempt;
  const last = decidingCall(calls);
  const result = last === undefined ? '-' : `${last.function}: ${outcomeText(last)}`;
  return { at, json: attempt, cells: [at, transaction_id, eid, iccid, result], skipped: 0 };
}

function refusedLine(call: RefusedCall): Line {
  const { occurred_at: at, transaction_id = '-', network, proven, claimed_eid, claimed_iccid } = call;
  const from = (proven ? claimed_eid : undefined) ?? network ?? '-';
  const result = `${call.function}: ${outcomeText(call)}${ciText(call.ci_pk_ids)}`;
  const cells = [at, transaction_id, from, unproven(claimed_iccid) ?? '-', result];
  return { at, json: call, cells, skipped: call.skipped };
}

/** A profile that a request names, and whose eUICC has not proved itself. */
const unproven = (iccid: string | undefined): string | undefined => iccid && `${iccid}?`;

function ciText(ciPKIds: readonly string[] = []): string {
  return ciPKIds.length === 0 ? '' : ` (CIs of the eUICC: ${ciPKIds.join(', ')})`;
}
