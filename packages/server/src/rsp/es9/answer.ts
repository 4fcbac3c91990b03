import { asn1Path } from '@esim-rsp/sgp22/functions/asn1-binding';
import { type Es9Name, type Es9Request, es9plus } from '@esim-rsp/sgp22/functions/es9plus';
import { Refusal, type StatusCode } from '@esim-rsp/sgp22/status';
import { type TransactionId, transactionIdFromBytes } from '@esim-rsp/sgp22/value/transaction-id';
import type { Env } from '@esim-rsp/smdp/env';
import type { Es9Functions } from '@esim-rsp/smdp/es9/functions';
import type { Store } from '@esim-rsp/smdp/ports';
import type { ProtocolFunction } from '@esim-rsp/smdp/run';
import { run } from '@esim-rsp/smdp/run';
import type { CodeAttempt, CodeAttempts } from '../../limits/code-attempts.ts';
import { inScope } from '../../log/scope.ts';
import type { RefusedCall } from '../../store/ports/refused-calls.ts';
import type { Traces } from '../../traces/traces.ts';
import {
  checkProtocolVersion,
  internalErrorStatus,
  type RspAnswer,
  type RspCall,
  statusForError,
} from '../answer.ts';
import type { Es9Binding } from './bindings.ts';
import { ciPKIdsIn } from './ci-ids.ts';
import { type Claims, claimsIn } from './claims.ts';

/** The functions and dependencies of ES9+. */
export type Es9Service = {
  readonly functions: Es9Functions;
  readonly store: Store;
  /** Called once per request; reads the clock. */
  readonly env: () => Env;
  readonly log: Es9Log;
  /** Absent: there are none. */
  readonly traces?: Traces | undefined;
  readonly codeAttempts: CodeAttempts;
  readonly refusedCalls: { record(call: Omit<RefusedCall, 'skipped'>, claims: Claims): void };
};

export type Es9Log = {
  /** `transactionId`: of the request, or of the reply. Notifications of what happened after a download have none. */
  done(name: Es9Name, transactionId: TransactionId | undefined): void;
  /**
   * A call was refused or could not be read. `name`: the function, or the path if the function is not known.
   * `transactionId`: from the request; it may be unknown to the store.
   */
  refused(name: string, status: StatusCode, transactionId?: TransactionId): void;
  /** A bug. The caller gets only the error ID. */
  failed(name: string, errorId: string, error: unknown): void;
};

/** One received request. */
export type Es9Call = RspCall & {
  readonly binding: Es9Binding;
  /** IP address of the client. */
  readonly address: string;
};

/** Answers one call of ES9+; never throws. */
export async function answerEs9(service: Es9Service, call: Es9Call): Promise<RspAnswer> {
  const { binding, adminProtocol, body } = call;
  let { name } = binding;
  let request: object | undefined;
  let attempt: CodeAttempt | undefined;
  try {
    checkProtocolVersion(adminProtocol);
    const read = binding.read(body);
    ({ name, request } = read);
    const fn: ProtocolFunction<object, unknown, unknown> = service.functions[name];
    const env = service.env();
    if (triesCode(name)) attempt = service.codeAttempts.begin(call.address, env.now);
    const requireCodeAttempt = attempt?.euiccProven;
    const transactionId = findTransactionId(request) ?? transactionIdOfResult(request);
    const decide = () =>
      run(fn, read.request, service.store, {
        ...env,
        messageIgnored: (why) => recordIgnored(service, read, why, call.address),
        ...(requireCodeAttempt && { requireCodeAttempt }),
      });
    const { traces } = service;
    const work = traces === undefined ? decide : () => traces.step(`es9.${read.name}`, decide);
    const reply = await inTransaction(transactionId, work);
    attempt?.end();
    const session = transactionId ?? findTransactionId(reply);
    service.log.done(name, session);
    if (es9plus[name].response === undefined) return { status: 204, function: name, transactionId: session };
    return { status: 200, body: binding.reply(name, reply), function: name, transactionId: session };
  } catch (error) {
    return refusalAnswer(service, binding, { name, request, error, attempt, address: call.address });
  }
}

function inTransaction<T>(transactionId: TransactionId | undefined, work: () => T): T {
  return transactionId === undefined ? work() : inScope({ transaction_id: transactionId }, work);
}

/** The transactionId inside the signed result of an installation. */
function transactionIdOfResult(request: object): TransactionId | undefined {
  const { pendingNotification } = request as Partial<Es9Request<'handleNotification'>>;
  const notification = pendingNotification?.value;
  if (notification === undefined || !('profileInstallationResult' in notification)) return undefined;
  return transactionIdFromBytes(
    notification.profileInstallationResult.profileInstallationResultData.value.transactionId,
  );
}

/** The transactionId of a request or reply. undefined for notifications, which have it inside the signed data. */
function findTransactionId(request: unknown): TransactionId | undefined {
  return (request as { readonly transactionId?: TransactionId } | undefined)?.transactionId;
}

type FailedCall = {
  readonly name: Es9Name | undefined;
  /** undefined: it could not be read. */
  readonly request: unknown;
  readonly error: unknown;
  readonly attempt: CodeAttempt | undefined;
  readonly address: string;
};

/** Whether the function checks a MatchingID or a confirmation code. */
function triesCode(name: Es9Name | undefined): boolean {
  return name === 'authenticateClient' || name === 'getBoundProfilePackage';
}

/** Writes a message that changed nothing into the log and, if no session stores it, among the refused calls. */
function recordIgnored(
  { log, refusedCalls }: Es9Service,
  { name, request }: { readonly name: Es9Name; readonly request: object },
  refused: StatusCode,
  address: string,
): void {
  const transactionId = findTransactionId(request) ?? transactionIdOfResult(request);
  log.refused(name, refused, transactionId);
  const call = { at: Date.now(), address, function: name, refused, ciPKIds: [] };
  refusedCalls.record({ ...call, ...(transactionId !== undefined && { transactionId }) }, claimsIn(request));
}

/** Writes the refusal into the log and, if no session stores it, among the refused calls. */
function recordRefusal(
  { log, refusedCalls }: Es9Service,
  { name, request, error, address }: FailedCall,
  refused: StatusCode,
): void {
  const transactionId = findTransactionId(request);
  log.refused(name ?? asn1Path, refused, transactionId);
  const call = {
    at: Date.now(),
    address,
    function: name ?? asn1Path,
    refused,
    ...(error instanceof Refusal && { check: error.check }),
    ...(transactionId !== undefined && { transactionId }),
    ciPKIds: ciPKIdsIn(request),
  };
  refusedCalls.record(call, claimsIn(request));
}

/** The response to a failed call. 503 for a notification that was not stored, so that the LPA keeps it. */
function refusalAnswer(service: Es9Service, binding: Es9Binding, failed: FailedCall): RspAnswer {
  const { name, error, attempt } = failed;
  const known = statusForError(error);
  attempt?.end(known);
  if (known !== undefined) recordRefusal(service, failed, known);
  const status =
    known ?? internalErrorStatus((errorId) => service.log.failed(name ?? asn1Path, errorId, error));
  const isNotification = name !== undefined && es9plus[name].response === undefined;
  const lost = status.subjectCode === '1.2' && isNotification;
  return {
    status: lost ? 503 : 200,
    body: binding.refusal(name, status),
    function: name,
    transactionId: findTransactionId(failed.request),
    refused: status,
  };
}
