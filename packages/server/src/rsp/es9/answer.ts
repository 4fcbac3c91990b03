import { asn1Path } from '@esim-rsp/sgp22/functions/asn1-binding';
import { type Es9Name, es9plus } from '@esim-rsp/sgp22/functions/es9plus';
import type { StatusCode } from '@esim-rsp/sgp22/status';
import type { TransactionId } from '@esim-rsp/sgp22/value/transaction-id';
import type { Env } from '@esim-rsp/smdp/env';
import type { Es9Functions } from '@esim-rsp/smdp/es9/functions';
import type { Store } from '@esim-rsp/smdp/ports';
import type { ProtocolFunction } from '@esim-rsp/smdp/run';
import { run } from '@esim-rsp/smdp/run';
import type { CodeAttempts } from '../../limits/code-attempts.ts';
import {
  checkProtocolVersion,
  internalErrorStatus,
  type RspAnswer,
  type RspCall,
  statusForError,
} from '../answer.ts';
import type { Es9Binding } from './bindings.ts';

/** What stands behind the paths of ES9+. */
export type Es9Service = {
  readonly functions: Es9Functions;
  readonly store: Store;
  /** Called once per request: it reads the clock. */
  readonly env: () => Env;
  readonly log: Es9Log;
  readonly codeAttempts: CodeAttempts;
};

export type Es9Log = {
  /**
   * A call was refused, or could not be read. `name` is that of the function, or the path where it could not be told;
   * `transactionId` the one that the request names, known or not.
   */
  refused(name: string, status: StatusCode, transactionId?: TransactionId): void;
  /** A bug. Resolves to nothing the caller gets to see but the id. */
  failed(name: string, errorId: string, error: unknown): void;
};

/** One request as it came. */
export type Es9Call = RspCall & {
  readonly binding: Es9Binding;
  /** Where it came from. */
  readonly address: string;
};

/** Every call gets an answer, and nothing is thrown. */
export async function answerEs9(service: Es9Service, call: Es9Call): Promise<RspAnswer> {
  const { binding, adminProtocol, body } = call;
  let { name } = binding;
  let transactionId: TransactionId | undefined;
  try {
    checkProtocolVersion(adminProtocol);
    const read = binding.read(body);
    name = read.name;
    transactionId = findTransactionId(read.request);
    if (triesCode(name)) service.codeAttempts.check(call.address, Date.now());
    const fn: ProtocolFunction<unknown, unknown, unknown> = service.functions[name];
    const reply = await run(fn, read.request, service.store, service.env());
    if (es9plus[name].response === undefined) return { status: 204 };
    return { status: 200, body: binding.reply(name, reply) };
  } catch (error) {
    return refusalAnswer(service, binding, { name, transactionId, error, address: call.address });
  }
}

/** The session that a request names. The notifications name theirs further inside, if any. */
function findTransactionId(request: unknown): TransactionId | undefined {
  return (request as { readonly transactionId?: TransactionId }).transactionId;
}

type FailedCall = {
  readonly name: Es9Name | undefined;
  readonly transactionId: TransactionId | undefined;
  readonly error: unknown;
  readonly address: string;
};

/** The functions that a MatchingID or a confirmation code is tried with. */
function triesCode(name: Es9Name | undefined): boolean {
  return name === 'authenticateClient' || name === 'getBoundProfilePackage';
}

/** A notification that we could not take in must not look delivered. */
function refusalAnswer(
  service: Es9Service,
  binding: Es9Binding,
  { name, transactionId, error, address }: FailedCall,
): RspAnswer {
  const known = statusForError(error);
  if (known !== undefined) {
    service.codeAttempts.record(address, known, Date.now());
    service.log.refused(name ?? asn1Path, known, transactionId);
  }
  const status =
    known ?? internalErrorStatus((errorId) => service.log.failed(name ?? asn1Path, errorId, error));
  const isNotification = name !== undefined && es9plus[name].response === undefined;
  const lost = status.subjectCode === '1.2' && isNotification;
  return { status: lost ? 503 : 200, body: binding.refusal(name, status) };
}
