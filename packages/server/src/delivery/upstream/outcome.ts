import { harmfulIn, replaceHarmful } from '@esim-rsp/sgp22/value/text';
import type { CallFault } from '@esim-rsp/smdp/state/gateway/operation';
import type { CallAnswer, CallOutcome } from '@esim-rsp/smdp/state/gateway/outcome';
import { describeFailure, type WholeResponse } from '../outbound/post.ts';
import { chainText, describeTlsFailure, isRefusedByTls } from './tls-text.ts';

/** How a call ended: with an answer, or without one. `wasSent`: the upstream may have read it. */
export type CallEnd =
  | { readonly response: WholeResponse }
  | { readonly error: unknown; readonly wasSent: boolean };

/** What the end of a call means. Whatever may have been done is unknown. */
export function outcomeOf(end: CallEnd): CallOutcome {
  return 'response' in end ? outcomeOfResponse(end.response) : outcomeOfError(end);
}

function outcomeOfError({ error, wasSent }: Extract<CallEnd, { error: unknown }>): CallOutcome {
  const { code = '' } = error as NodeJS.ErrnoException;
  const isRefused = isRefusedByTls(error);
  const message =
    describeTlsFailure(error) ?? (isOfCertificate(code) ? chainText(code, true) : describeFailure(error));
  return { kind: wasSent && !isRefused ? 'unknown' : 'notSent', fault: { message } };
}

/** What Node does not accept of the certificate of a server. */
function isOfCertificate(code: string): boolean {
  return /CERT|UNABLE_TO_|^INVALID_(CA|PURPOSE)$/.test(code);
}

/** Statuses with which servers and proxies refuse a request before anybody has worked on it. 408 and 409 are not among them. */
function isNotDone(status: number): boolean {
  return (
    (status >= 300 && status < 400) || (status >= 400 && status < 500 && status !== 408 && status !== 409)
  );
}

function outcomeOfResponse({ status, retryAfter, body, isWhole }: WholeResponse): CallOutcome {
  const message = isWhole ? membersIn(body) : undefined;
  const result = message && resultIn(message);
  if (result?.status === 'failed') return { kind: 'refused', fault: faultIn(result.data, 'refused') };
  if (isNotDone(status))
    return {
      kind: 'notSent',
      fault: { message: statusText(status) },
      ...(retryAfter !== undefined && { retryAfter }),
    };
  if (status < 200 || status >= 300) return unknown(`it answered HTTP ${status}`);
  if (message === undefined)
    return unknown(isWhole ? 'the answer is not JSON' : 'the answer is longer than one of ES2+');
  switch (result?.status) {
    case 'executed-success':
      return executed(message);
    case 'executed-withwarning':
      return { ...executed(message), warning: faultIn(result.data, 'done with a warning') } as CallOutcome;
    case 'expired':
      return { kind: 'unknown', fault: faultIn(result.data, 'the call has expired at the upstream') };
    default:
      return unknown('the answer has no status of ES2+');
  }
}

function unknown(message: string): CallOutcome {
  return { kind: 'unknown', fault: { message } };
}

function statusText(status: number): string {
  if (status === 401 || status === 403)
    return `it does not accept the client certificate (HTTP ${status}): 'esim upstream test' says more`;
  if (status === 404 || status === 405)
    return `there is no ES2+ at its address (HTTP ${status}): is there a prefix in the path of the URL?`;
  return `it answered HTTP ${status}`;
}

type Members = Readonly<Record<string, unknown>>;

function membersIn(body: Buffer): Members | undefined {
  try {
    return objectIn(JSON.parse(body.toString('utf8')));
  } catch {
    return undefined;
  }
}

function objectIn(value: unknown): Members | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Members)
    : undefined;
}

/** Statuses come in any letter case. */
function resultIn(
  message: Members,
): { readonly status: string; readonly data: Members | undefined } | undefined {
  const status = objectIn(objectIn(message.header)?.functionExecutionStatus);
  if (typeof status?.status !== 'string') return undefined;
  return { status: status.status.toLowerCase(), data: objectIn(status.statusCodeData) };
}

/** The codes and the text, cut to what is stored. */
function faultIn(data: Members | undefined, otherwise: string): CallFault {
  const [subjectCode, reasonCode] = [codeIn(data?.subjectCode), codeIn(data?.reasonCode)];
  const said = [data?.message, data?.subjectIdentifier].filter(
    (one) => typeof one === 'string' && one !== '',
  );
  return {
    ...(subjectCode !== undefined && { subjectCode }),
    ...(reasonCode !== undefined && { reasonCode }),
    message: said.length === 0 ? otherwise : replaceHarmful(said.join(': ')).slice(0, 300),
  };
}

function codeIn(value: unknown): string | undefined {
  return typeof value === 'string' && /^\d{1,3}(\.\d{1,3}){0,4}$/.test(value) ? value : undefined;
}

/** What was done, if every member can be kept; a member of null is absent. */
function executed(message: Members): CallOutcome {
  const answer: Record<string, string> = {};
  for (const [name, isValid] of Object.entries(checks)) {
    const value = message[name];
    if (value === undefined || value === null) continue;
    if (typeof value !== 'string' || !isValid(value)) return unknown(`the answer has a wrong ${name}`);
    answer[name] = value;
  }
  return { kind: 'executed', answer: answer as CallAnswer };
}

/** What an activation code can contain is kept byte for byte, whatever its alphabet. */
const isCodePart = (text: string) =>
  text.length <= 255 && !text.includes('$') && harmfulIn(text) === undefined;

const checks: Readonly<Record<keyof CallAnswer, (text: string) => boolean>> = {
  iccid: (text) => /^\d{18,20}F{0,2}$/i.test(text),
  eid: (text) => /^\d{32}$/.test(text) || text === '',
  matchingId: isCodePart,
  smdpAddress: (text) => isCodePart(text) && /^[\w.:[\]-]+$/.test(text),
};
