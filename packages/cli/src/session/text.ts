import type { ServerStore } from '@esim-rsp/server/store/store';
import type { Es9Name } from '@esim-rsp/sgp22/functions/es9plus';
import { checks } from '@esim-rsp/sgp22/functions/es9plus-checks';
import type { StatusCode } from '@esim-rsp/sgp22/status';
import { fields } from '../output.ts';

export type Session = NonNullable<Awaited<ReturnType<ServerStore['session']>>>;
type Call = NonNullable<Session['journal']>[number];

const time = (at: number): string => new Date(at).toISOString();

const codesOf = ({ subjectCode, reasonCode, message }: StatusCode) => ({
  subject_code: subjectCode,
  reason_code: reasonCode,
  message,
});

/** A session for programs. */
export function sessionJson(session: Session) {
  return {
    transaction_id: session.transactionId,
    stage: session.stage,
    expires_at: time(session.expiresAt),
    ...('iccid' in session && { eid: session.eid, iccid: session.iccid }),
    calls: (session.journal ?? []).map((call) => ({
      function: call.function,
      at: time(call.at),
      ...(call.refused !== undefined && { refused: codesOf(call.refused) }),
      ...(call.reported !== undefined && { reported: codesOf(call.reported) }),
      checks: checksOf(call).map(([outcome, words]) => ({ check: words, outcome })),
    })),
  };
}

/** A session for people: who took part, then every call with its checks. */
export function sessionText(session: Session): string {
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
  return [head, ...(session.journal ?? []).map(callText)].join('\n\n');
}

const marks = { passed: '✓', refused: '✗', 'not reached': ' ' } as const;

function callText(call: Call): string {
  const lines = checksOf(call).map(([outcome, words]) => `  ${marks[outcome]} ${words}`.trimEnd());
  const { reported } = call;
  const told = reported === undefined ? [] : [`  the device reported ${codeText(reported)}`];
  return [`${time(call.at)}  ${call.function}  ${outcomeText(call)}`, ...lines, ...told].join('\n');
}

/** What became of a call in a few words. */
export function outcomeText({ refused, reported }: Call): string {
  if (refused !== undefined) return `refused ${codeText(refused)}`;
  return reported === undefined ? 'accepted' : 'accepted: the download has failed';
}

function codeText({ subjectCode, reasonCode, message }: StatusCode): string {
  return `${subjectCode}/${reasonCode}: ${message}`;
}

type Outcome = keyof typeof marks;

/** The checks of a call in their order: up to the one that refused, they were passed. */
function checksOf({
  function: name,
  refused,
  check: refusing,
}: Call): readonly (readonly [Outcome, string])[] {
  const made = checks[name as Es9Name] ?? [];
  const at = refused === undefined ? made.length : made.findIndex(([check]) => check === refusing);
  if (at === -1) return []; // written by another version
  return made.map(([, holds], i) => [i < at ? 'passed' : i === at ? 'refused' : 'not reached', holds]);
}
