import { DerError } from '@esim-rsp/codec';
import { BindingError } from '@esim-rsp/sgp22/functions/binding';
import { Refusal, refusals, type StatusCode } from '@esim-rsp/sgp22/status';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';

/** What the calls of ES2+ and ES9+ have in common (SGP.22 6.5). */

/** One request as it came. */
export type RspCall = {
  /** X-Admin-Protocol, if it was sent. */
  readonly adminProtocol?: string | undefined;
  readonly body: Buffer;
};

/** 401 and 403: nobody we know called. 503: a notification was not taken in, so the LPA must keep it and send it again. */
export type RspAnswer =
  | { readonly status: 200 | 401 | 403 | 503; readonly body: string | Uint8Array }
  | { readonly status: 204 };

/** The status codes that every function shares (5.2.6). */
const refuse = refusals({
  protocolUnsupported: [
    '1.3.2',
    '3.1',
    'X-Admin-Protocol must be gsma/rsp/v2 or later, such as gsma/rsp/v2.2.0',
  ],
  malformed: ['1.6', '2.1', 'the request cannot be read'],
  incomplete: ['1.6', '2.2', 'the request is not complete'],
  broken: ['1.2', '4.2', 'the SM-DP+ failed'],
});

/** Both ends say the highest release they speak (6.5.1.3). Clients that say none are taken for ours. */
export function checkProtocolVersion(adminProtocol: string | undefined): void {
  if (adminProtocol === undefined) return;
  const major = /^gsma\/rsp\/v(\d{1,3})(?:\.\d{1,3}){0,2}$/.exec(adminProtocol.trim())?.[1];
  if (major === undefined || Number(major) < 2) throw refuse.protocolUnsupported();
}

/** The body of a JSON binding; throws a BindingError. */
export function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new BindingError('the body', false, 'it is not JSON');
  }
}

/** What a caller is told of an error; undefined: a bug. */
export function statusForError(error: unknown): StatusCode | undefined {
  if (error instanceof Refusal) return error.status;
  if (error instanceof BindingError)
    return (error.missing ? refuse.incomplete : refuse.malformed)(error.message).status;
  if (error instanceof DerError || error instanceof ValueError) return refuse.malformed(error.message).status;
  return undefined;
}

let errorCount = 0;

/** A bug: the details go to the log, the caller gets the number under which they stand there. */
export function internalErrorStatus(logFailure: (errorId: string) => void): StatusCode {
  errorCount += 1;
  const errorId = `E${Date.now().toString(36)}-${errorCount}`;
  logFailure(errorId);
  return refuse.broken(`its operator finds the reason in the log under ${errorId}`).status;
}
