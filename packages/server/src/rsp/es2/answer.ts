import { readMessage, writeMessage } from '@esim-rsp/sgp22/functions/binding';
import { type Es2Name, type Es2Request, es2plus } from '@esim-rsp/sgp22/functions/es2plus';
import { failedHeader, successHeader } from '@esim-rsp/sgp22/functions/header';
import { must, refusals, type StatusCode } from '@esim-rsp/sgp22/status';
import type { Env } from '@esim-rsp/smdp/env';
import type { Es2Call, Es2Functions } from '@esim-rsp/smdp/es2/functions';
import type { Store } from '@esim-rsp/smdp/ports';
import type { ProtocolFunction } from '@esim-rsp/smdp/run';
import { run } from '@esim-rsp/smdp/run';
import type { Operator } from '../../store/ports/operators.ts';
import {
  checkProtocolVersion,
  internalErrorStatus,
  parseJson,
  type RspAnswer,
  type RspCall,
  statusForError,
} from '../answer.ts';
import type { FindOperators } from './callers.ts';
import type { ClientCertificate } from './client-certificate.ts';

/** The functions and dependencies of ES2+. */
export type Es2Service = {
  readonly functions: Es2Functions;
  readonly store: Store;
  readonly findOperators: FindOperators;
  /** Called once per request; reads the clock. */
  readonly env: () => Env;
  readonly log: Es2Log;
};

/** The caller for the log, as far as it is known. */
export type Es2Caller = { readonly operator?: string; readonly functionCallIdentifier?: string };

export type Es2Log = {
  done(name: Es2Name, caller: Es2Caller): void;
  refused(name: Es2Name, status: StatusCode, caller: Es2Caller): void;
  /** The caller is not a known operator; the request was not read. */
  rejected(name: Es2Name, reason: string): void;
  /** A bug. The caller gets only the error ID. */
  failed(name: Es2Name, errorId: string, error: unknown): void;
};

const refuse = refusals({
  requesterRefused: [
    '1.1',
    '1.2',
    'functionRequesterIdentifier does not belong to the operator of the TLS certificate',
  ],
});

/** Answers one call of ES2+; never throws. The certificate determines the account. */
export async function answerEs2(
  service: Es2Service,
  name: Es2Name,
  { adminProtocol, body }: RspCall,
  client: ClientCertificate | undefined,
): Promise<RspAnswer> {
  let caller: Es2Caller = {};
  try {
    if (client === undefined) return rejectCaller(service, name, 401);
    const env = service.env();
    const operators = await service.findOperators(client, env.now);
    if (operators.length === 0) return rejectCaller(service, name, 403);
    caller = { operator: operators.map((operator) => operator.name).join(', ') };
    checkProtocolVersion(adminProtocol);
    const request = readMessage(es2plus[name].request, parseJson(body)) as Es2Request<Es2Name>;
    const operator = findOperator(operators, request.header.functionRequesterIdentifier);
    caller = { operator: operator.name, functionCallIdentifier: request.header.functionCallIdentifier };
    const fn: ProtocolFunction<Es2Call<Es2Name>, unknown, object> = service.functions[name];
    const called = { ...env, caller: { operator: operator.name } };
    const reply = await run(fn, { account: operator.account, request }, service.store, called);
    service.log.done(name, caller);
    const members = writeMessage(es2plus[name].response, reply as never);
    return { status: 200, body: JSON.stringify({ header: successHeader, ...members }) };
  } catch (error) {
    return refusalAnswer(service, name, caller, error);
  }
}

function findOperator(operators: readonly Operator[], requesterIdentifier: string): Operator {
  const operator = operators.find((each) => each.requesterIdentifiers.includes(requesterIdentifier));
  must(operator, refuse.requesterRefused);
  return operator;
}

const reasons = {
  401: 'ES2+ needs a TLS client certificate',
  403: 'the TLS client certificate does not belong to an operator of this server, is not valid now, or is not for TLS clients (key usage digitalSignature)',
} as const;

function rejectCaller({ log }: Es2Service, name: Es2Name, status: 401 | 403): RspAnswer {
  log.rejected(name, reasons[status]);
  return { status, body: JSON.stringify({ statusCode: status, message: reasons[status] }) };
}

function refusalAnswer({ log }: Es2Service, name: Es2Name, caller: Es2Caller, error: unknown): RspAnswer {
  const known = statusForError(error);
  if (known !== undefined) log.refused(name, known, caller);
  const status = known ?? internalErrorStatus((errorId) => log.failed(name, errorId, error));
  return { status: 200, body: JSON.stringify({ header: failedHeader(status) }) };
}
