import { DerError } from '@esim-rsp/codec';
import { KeyUnavailable } from '@esim-rsp/sgp22/crypto/ecdsa';
import { BindingError } from '@esim-rsp/sgp22/functions/binding';
import { Refusal, refusals, type StatusCode } from '@esim-rsp/sgp22/status';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import { TooManyTaken } from '../limits/availability.ts';
import { parseBoundedJson } from '../limits/bounded-json.ts';
import { StoreUnavailable } from '../store/ports/store-error.ts';

/** Code that ES2+ and ES9+ share (SGP.22 6.5). */

/** One received request. */
export type RspCall = {
  /** X-Admin-Protocol, if it was sent. */
  readonly adminProtocol?: string | undefined;
  readonly body: Buffer;
};

/** 400: the message of an upstream cannot be read. 401 and 403: the caller of ES2+ is not a known operator or upstream. 503: a notification was not stored, so the LPA or the upstream must send it again later. */
export type RspAnswer = Answered &
  (
    | { readonly status: 200 | 400 | 401 | 403 | 503; readonly body: string | Uint8Array }
    | { readonly status: 204 }
  );

/** For metrics and traces, and of any answer. */
type Answered = {
  readonly transactionId?: string | undefined;
  /** The function, if the path does not determine it. */
  readonly function?: string | undefined;
  /** Why the call was refused. */
  readonly refused?: StatusCode;
  /** Seconds after which the caller may send it again. */
  readonly retryAfter?: number;
};

/** Status codes that every function can return (5.2.6). */
const refuse = refusals({
  protocolUnsupported: [
    '1.3.2',
    '3.1',
    'X-Admin-Protocol must be gsma/rsp/v2 or later, such as gsma/rsp/v2.2.0',
  ],
  malformed: ['1.6', '2.1', 'the request cannot be read'],
  incomplete: ['1.6', '2.2', 'the request is not complete'],
  busy: ['1.2', '4.4', 'the SM-DP+ is overloaded; try again later'],
  tooManyTaken: ['1.2', '4.4', 'too many MatchingIDs of this account were not available'],
  internalError: ['1.2', '4.2', 'the SM-DP+ has an internal error'],
});

/** Checks X-Admin-Protocol, the highest release that the caller supports (6.5.1.3). Throws a Refusal below v2. Without the header: v2 is assumed. */
export function checkProtocolVersion(adminProtocol: string | undefined): void {
  if (adminProtocol === undefined) return;
  const major = /^gsma\/rsp\/v(\d{1,3})(?:\.\d{1,3}){0,2}$/.exec(adminProtocol.trim())?.[1];
  if (major === undefined || Number(major) < 2) throw refuse.protocolUnsupported();
}

/** Parses the body of a JSON binding, without a byte order mark (RFC 8259 8.1); throws a BindingError. */
export function parseJson(body: Buffer): unknown {
  try {
    return parseBoundedJson(body.toString('utf8').replace(/^\ufeff/, ''));
  } catch {
    throw new BindingError('the body', false, 'it is not JSON');
  }
}

/** The status code for an error. undefined: the error is a bug. */
export function statusForError(error: unknown): StatusCode | undefined {
  if (error instanceof Refusal) return error.status;
  if (error instanceof StoreUnavailable)
    return refuse.busy('the database is not available now; try again later').status;
  if (error instanceof KeyUnavailable)
    return refuse.busy('the signing key is not available now; try again later').status;
  if (error instanceof TooManyTaken)
    return refuse.tooManyTaken(`try again in ${error.seconds} seconds`).status;
  if (error instanceof BindingError)
    return (error.missing ? refuse.incomplete : refuse.malformed)(error.message).status;
  if (error instanceof DerError || error instanceof ValueError) return refuse.malformed(error.message).status;
  return undefined;
}

/** The status code of a call that is refused because of the load. */
export function busyStatus(): StatusCode {
  return refuse.busy().status;
}

/** Whether the answer says that the server has an error. */
export function isInternalError({ refused }: RspAnswer): boolean {
  return refused?.subjectCode === '1.2' && refused.reasonCode === '4.2';
}

let errorCount = 0;

/** The status code for a bug. The details go to the log under an error ID, and the caller gets only this ID. */
export function internalErrorStatus(logFailure: (errorId: string) => void): StatusCode {
  errorCount += 1;
  const errorId = `E${Date.now().toString(36)}-${errorCount}`;
  logFailure(errorId);
  return refuse.internalError(`see the log of the server under ${errorId}`).status;
}
