import { readMessage, writeMessage } from '@esim-rsp/sgp22/functions/binding';
import { type Es2Name, type Es2Request, es2plus } from '@esim-rsp/sgp22/functions/es2plus';
import { failedHeader, successHeader } from '@esim-rsp/sgp22/functions/header';
import { must, refusals, type StatusCode } from '@esim-rsp/sgp22/status';
import type { Env } from '@esim-rsp/smdp/env';
import type { Es2Call, Es2Functions } from '@esim-rsp/smdp/es2/functions';
import type { Store } from '@esim-rsp/smdp/ports';
import type { ProtocolFunction } from '@esim-rsp/smdp/run';
import { run } from '@esim-rsp/smdp/run';
import type { Availability } from '../../limits/availability.ts';
import type { AuditEntry, AuditStore } from '../../store/ports/audit.ts';
import type { Operator } from '../../store/ports/operators.ts';
import type { Traces } from '../../traces/traces.ts';
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
  readonly store: Store & AuditStore;
  /** Writes down callers that are not known, as far as a limit allows. */
  readonly auditRefusal: (entry: AuditEntry) => Promise<void>;
  readonly findOperators: FindOperators;
  /** Limits the answers that a MatchingID is not available, for each account. */
  readonly availability: Availability;
  /** Called once per request; reads the clock. */
  readonly env: () => Env;
  readonly log: Es2Log;
  /** Absent: there are none. */
  readonly traces?: Traces | undefined;
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

/** What is known of a call so far, for the log and the audit log. */
type Called = {
  readonly name: Es2Name;
  readonly address: string;
  readonly operator?: Operator;
  readonly caller: Es2Caller;
  /** ICCIDs, EIDs and types of profiles. */
  readonly targets: readonly string[];
};

/** Answers one call of ES2+ from an IP address; never throws. The certificate determines the account. */
export async function answerEs2(
  service: Es2Service,
  name: Es2Name,
  { adminProtocol, body }: RspCall,
  client: ClientCertificate | undefined,
  address: string,
): Promise<RspAnswer> {
  let called: Called = { name, address, caller: {}, targets: [] };
  try {
    if (client === undefined) return await rejectCaller(service, called, 401);
    const env = service.env();
    const operators = await service.findOperators(client, env.now);
    const [first] = operators;
    if (first === undefined) return await rejectCaller(service, called, 403);
    const names = operators.map((operator) => operator.name).join(', ');
    called = { ...called, operator: first, caller: { operator: names } };
    checkProtocolVersion(adminProtocol);
    const request = readMessage(es2plus[name].request, parseJson(body)) as Es2Request<Es2Name>;
    const operator = findOperator(operators, request.header.functionRequesterIdentifier);
    const { functionCallIdentifier } = request.header;
    const caller = { operator: operator.name, functionCallIdentifier };
    called = { ...called, operator, caller, targets: targetsIn(request) };
    const fn: ProtocolFunction<Es2Call<Es2Name>, unknown, object> = service.functions[name];
    const byOperator = { ...env, caller: { operator: operator.name } };
    const { account } = operator;
    const decide = () => run(fn, { account, request }, service.store, byOperator);
    const { traces } = service;
    const work = () => (traces === undefined ? decide() : traces.step(`es2.${name}`, decide));
    const reply = await (choosesMatchingId(name, request) ? service.availability(account, work) : work());
    await auditCall(service, { ...called, targets: [...targetsIn(request), ...targetsIn(reply)] });
    service.log.done(name, caller);
    const members = writeMessage(es2plus[name].response, reply as never);
    return { status: 200, body: JSON.stringify({ header: successHeader, ...members }) };
  } catch (error) {
    return refusalAnswer(service, called, error);
  }
}

/** Only such a call can say that another order, of any account, has the MatchingID. ICCIDs of others are unknown to all calls. */
function choosesMatchingId(name: Es2Name, request: Es2Request<Es2Name>): boolean {
  const { matchingId = '' } = request as Readonly<Record<string, unknown>>;
  return name === 'confirmOrder' && matchingId !== '';
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

async function rejectCaller(
  { log, auditRefusal }: Es2Service,
  called: Called,
  status: 401 | 403,
): Promise<RspAnswer> {
  log.rejected(called.name, reasons[status]);
  const code = status === 401 ? 'unauthorized' : 'forbidden';
  await auditRefusal({ ...entryOf(called), status, code });
  return { status, body: JSON.stringify({ statusCode: status, message: reasons[status] }) };
}

async function refusalAnswer(service: Es2Service, called: Called, error: unknown): Promise<RspAnswer> {
  const { log } = service;
  const { name, caller } = called;
  const known = statusForError(error);
  if (known !== undefined) log.refused(name, known, caller);
  const status = known ?? internalErrorStatus((errorId) => log.failed(name, errorId, error));
  try {
    await auditCall(service, called, `${status.subjectCode}/${status.reasonCode}`);
  } catch (failure) {
    internalErrorStatus((errorId) => log.failed(name, errorId, failure));
  }
  return { status: 200, body: JSON.stringify({ header: failedHeader(status) }), refused: status };
}

/** Writes down a call of a known operator, before the response is sent. */
async function auditCall({ store }: Es2Service, called: Called, code?: string): Promise<void> {
  if (called.operator === undefined) return;
  await store.addAuditEntry({ ...entryOf(called), status: 200, ...(code !== undefined && { code }) });
}

function entryOf({ name, address, operator, targets }: Called): AuditEntry {
  return {
    at: Date.now(),
    account: operator?.account ?? '',
    ...(operator !== undefined && { operator: operator.name }),
    address,
    operation: `ES2+.${name[0]?.toUpperCase()}${name.slice(1)}`,
    targets: [...new Set(targets)],
  };
}

/** Never the MatchingID: it is the secret of an activation code. */
function targetsIn(message: object): string[] {
  const { iccid, eid, profileType } = message as Readonly<Record<string, unknown>>;
  return [iccid, eid, profileType].filter(
    (one) => typeof one === 'string' && /^[^\p{C}]{1,128}$/u.test(one),
  ) as string[];
}
