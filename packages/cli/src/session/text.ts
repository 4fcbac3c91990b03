import type { DownloadAttemptDetails, DownloadCheckOutcome, StateReason } from '@esim-rsp/sdk';
import { fields } from '../output.ts';

/** A session as REST shows it. That of the machine of the server has the address of the phone. */
export type ShownSession = DownloadAttemptDetails & { readonly address?: string };
type Call = Omit<DownloadAttemptDetails['calls'][number], 'checks'> &
  Partial<Pick<DownloadAttemptDetails['calls'][number], 'checks'>>;

/** The text of a session: eUICC and profile, or who called, and then every call with its checks. */
export function sessionText(session: ShownSession): string {
  const { transaction_id, stage, expires_at, eid, iccid, address, network, ci_pk_ids } = session;
  const isUnknown = stage === 'unauthenticated';
  const head = fields([
    ['session', transaction_id],
    ['stage', isUnknown ? `${stage}: the eUICC has not proved itself` : stage],
    ...pair('expires', expires_at),
    ...pair('eid', eid),
    ...pair('iccid', iccid),
    ...pair('address', address),
    ...pair('network', network),
    ...pair('CIs of the eUICC', ci_pk_ids && (ci_pk_ids.join(', ') || '-')),
  ]);
  return [head, ...session.calls.map(callText)].join('\n\n');
}

function pair(label: string, value: string | undefined): [string, string][] {
  return value === undefined ? [] : [[label, value]];
}

const marks: Readonly<Record<DownloadCheckOutcome, string>> = {
  passed: '✓',
  refused: '✗',
  not_made: '-',
  not_reached: ' ',
};

function callText(call: Call): string {
  const { occurred_at, reported, checks = [] } = call;
  const lines = checks.map(({ check, outcome }) => `  ${marks[outcome]} ${check}`.trimEnd());
  const report = reported === undefined ? [] : [`  the device reported ${codeText(reported)}`];
  return [`${occurred_at}  ${call.function}  ${outcomeText(call)}`, ...lines, ...report].join('\n');
}

/** The result of a call in a few words. */
export function outcomeText({ refused, ignored, reported }: Call): string {
  if (ignored !== undefined) return `acknowledged, without effect: ${codeText(ignored)}`;
  if (refused !== undefined) return `refused ${codeText(refused)}`;
  return reported === undefined ? 'accepted' : 'accepted: the download has failed';
}

function codeText({ subject_code, reason_code, message }: StateReason): string {
  return `${subject_code}/${reason_code}: ${message}`;
}

/** The call that says how a session ended: the last that failed, otherwise the last one. */
export function decidingCall<C extends Call>(calls: readonly C[]): C | undefined {
  return (
    calls.findLast(({ refused, reported }) => refused !== undefined || reported !== undefined) ?? calls.at(-1)
  );
}
