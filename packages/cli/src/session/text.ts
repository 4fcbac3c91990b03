import type { ServerStore } from '@esim-rsp/server/store/ports/server-store';
import type { Es9Name } from '@esim-rsp/sgp22/functions/es9plus';
import type { StatusCode } from '@esim-rsp/sgp22/status';
import { es9Checks } from '@esim-rsp/smdp/es9/functions';
import { askedIccidOf } from '@esim-rsp/smdp/state/session';
import { fields } from '../output.ts';

export type Session = NonNullable<Awaited<ReturnType<ServerStore['session']>>>;
export type RefusedCall = Awaited<ReturnType<ServerStore['refusedCalls']>>[number];
type Call = NonNullable<Session['journal']>[number];

const time = (at: number): string => new Date(at).toISOString();

const codesOf = ({ subjectCode, reasonCode, message }: StatusCode) => ({
  subject_code: subjectCode,
  reason_code: reasonCode,
  message,
});

/** The data of a session for --json. */
export function sessionJson(session: Session) {
  return {
    transaction_id: session.transactionId,
    stage: session.stage,
    expires_at: time(session.expiresAt),
    ...('eid' in session && { eid: session.eid }),
    ...(askedIccidOf(session) !== undefined && { iccid: askedIccidOf(session) }),
    calls: (session.journal ?? []).map(callJson),
  };
}

/** The data of a call that was refused before the eUICC had proved itself: like a session with one call. */
export function refusedCallJson(call: RefusedCall) {
  const { transactionId, address, ciPKIds, skipped } = call;
  return {
    ...(transactionId !== undefined && { transaction_id: transactionId }),
    stage: 'unauthenticated',
    address,
    ci_pk_ids: ciPKIds,
    skipped,
    calls: [callJson(call)],
  };
}

function callJson(call: Call) {
  return {
    function: call.function,
    at: time(call.at),
    ...(call.refused !== undefined && { refused: codesOf(call.refused) }),
    ...(call.ignored !== undefined && { ignored: codesOf(call.ignored) }),
    ...(call.reported !== undefined && { reported: codesOf(call.reported) }),
    checks: checksOf(call).map(([outcome, holds]) => ({ check: holds, outcome })),
  };
}

/** The text of a session: eUICC and profile, then every call with its checks. */
export function sessionText(session: Session): string {
  const iccid = askedIccidOf(session);
  const head = fields([
    ['session', session.transactionId],
    ['stage', session.stage],
    ['expires', time(session.expiresAt)],
    ...('eid' in session ? [['eid', session.eid] as const] : []),
    ...(iccid === undefined ? [] : [['iccid', iccid] as const]),
  ]);
  return [head, ...(session.journal ?? []).map(callText)].join('\n\n');
}

/** The text of the refused calls of one transaction, the first one first: who called, and the checks. */
export function refusedCallsText(calls: readonly [RefusedCall, ...RefusedCall[]]): string {
  const [{ transactionId = '-', address, ciPKIds }] = calls;
  const head = fields([
    ['session', transactionId],
    ['stage', 'unauthenticated: the eUICC has not proved itself'],
    ['address', address],
    ['CIs of the eUICC', ciPKIds.join(', ') || '-'],
  ]);
  return [head, ...calls.map(callText)].join('\n\n');
}

const marks = { passed: '✓', refused: '✗', 'not made': '-', 'not reached': ' ' } as const;

function callText(call: Call): string {
  const lines = checksOf(call).map(([outcome, holds]) => `  ${marks[outcome]} ${holds}`.trimEnd());
  const { reported } = call;
  const report = reported === undefined ? [] : [`  the device reported ${codeText(reported)}`];
  return [`${time(call.at)}  ${call.function}  ${outcomeText(call)}`, ...lines, ...report].join('\n');
}

/** The result of a call in a few words. */
export function outcomeText({ refused, ignored, reported }: Call): string {
  if (ignored !== undefined) return `acknowledged, without effect: ${codeText(ignored)}`;
  if (refused !== undefined) return `refused ${codeText(refused)}`;
  return reported === undefined ? 'accepted' : 'accepted: the download has failed';
}

function codeText({ subjectCode, reasonCode, message }: StatusCode): string {
  return `${subjectCode}/${reasonCode}: ${message}`;
}

type Outcome = keyof typeof marks;

/**
 * The checks of a call in their order, with the outcome of each. An entry from an older version does not store the last check, so its checks
 * are not shown.
 */
function checksOf({
  function: name,
  refused,
  check,
  notMade = [],
}: Call): readonly (readonly [Outcome, string])[] {
  const checks = Object.entries(es9Checks[name as Es9Name] ?? {});
  const last = checks.findIndex(([key]) => key === check);
  if (last === -1) return [];
  const outcomeOf = (i: number, key: string): Outcome => {
    if (i > last) return 'not reached';
    if (notMade.includes(key)) return 'not made';
    return i === last && refused !== undefined ? 'refused' : 'passed';
  };
  return checks.map(([key, holds], i) => [outcomeOf(i, key), holds]);
}
