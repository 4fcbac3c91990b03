import { DerError } from '@esim-rsp/codec';
import { BindingError, readMessage, writeMessage } from '@esim-rsp/sgp22/functions/binding';
import { type Es9Function, type Es9Name, es9plus } from '@esim-rsp/sgp22/functions/es9plus';
import { executedSuccess, failed } from '@esim-rsp/sgp22/functions/header';
import { Refusal, refusals, type StatusCode } from '@esim-rsp/sgp22/status';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import type { Es9Functions } from '@esim-rsp/smdp/es9/functions';
import type { Env, ProtocolFunction, Store } from '@esim-rsp/smdp/ports';
import { run } from '@esim-rsp/smdp/run';

/** What stands behind the paths of ES9+. */
export type Es9Service = {
  readonly functions: Es9Functions;
  readonly store: Store;
  /** Called once per request: it reads the clock. */
  readonly env: () => Env;
  readonly log: Es9Log;
};

export type Es9Log = {
  /** A call was refused, or could not be read. */
  refused(name: Es9Name, status: StatusCode): void;
  /** A bug. Resolves to nothing the caller gets to see but the id. */
  failed(name: Es9Name, errorId: string, error: unknown): void;
};

/** One request as the binding sees it. */
export type Es9Call = {
  readonly name: Es9Name;
  /** X-Admin-Protocol, if it was sent. */
  readonly adminProtocol?: string | undefined;
  readonly body: string;
};

/** 503: the notification was not taken in, so the LPA must keep it and send it again. */
export type Es9Answer = { readonly status: 200 | 503; readonly body: string } | { readonly status: 204 };

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

const paths = new Map<string, Es9Name>(
  Object.entries(es9plus).map(([name, { path }]) => [path, name as Es9Name]),
);

/** The function that a path names. */
export function es9NameOf(path: string): Es9Name | undefined {
  return paths.get(path);
}

/** The JSON binding of ES9+ (6.5.1, 6.5.2): every call gets an answer, and nothing is thrown. */
export async function answerEs9(service: Es9Service, call: Es9Call): Promise<Es9Answer> {
  try {
    mustSpeakOurProtocol(call.adminProtocol);
    const { request, response }: Es9Function | NotificationFunction = es9plus[call.name];
    const message = readMessage(request, parsed(call.body));
    const fn: ProtocolFunction<unknown, unknown, unknown> = service.functions[call.name];
    const reply = await run(fn, message, service.store, service.env());
    if (response === undefined) return { status: 204 };
    const members = writeMessage(response, reply as Parameters<typeof writeMessage>[1]);
    return { status: 200, body: JSON.stringify({ header: executedSuccess, ...members }) };
  } catch (error) {
    return refusedAnswer(service, call.name, error);
  }
}

type NotificationFunction = Omit<Es9Function, 'response'> & { readonly response: undefined };

/** Both ends say the highest release they speak (6.5.1.3). Clients that say none are taken for ours. */
function mustSpeakOurProtocol(adminProtocol: string | undefined): void {
  if (adminProtocol === undefined) return;
  const major = /^gsma\/rsp\/v(\d{1,3})(?:\.\d{1,3}){0,2}$/.exec(adminProtocol.trim())?.[1];
  if (major === undefined || Number(major) < 2) throw refuse.protocolUnsupported();
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new BindingError('the body', false, 'it is not JSON');
  }
}

/** A failed call has a header and nothing beside it. A notification that we could not take in must not look delivered. */
function refusedAnswer(service: Es9Service, name: Es9Name, error: unknown): Es9Answer {
  const known = statusOf(error);
  if (known !== undefined) service.log.refused(name, known);
  const status = known ?? brokenStatus(service, name, error);
  const ours = status.subjectCode === '1.2' && es9plus[name].response === undefined;
  return { status: ours ? 503 : 200, body: JSON.stringify({ header: failed(status) }) };
}

function statusOf(error: unknown): StatusCode | undefined {
  if (error instanceof Refusal) return error.status;
  if (error instanceof BindingError)
    return (error.missing ? refuse.incomplete : refuse.malformed)(error.message).status;
  if (error instanceof DerError || error instanceof ValueError) return refuse.malformed(error.message).status;
  return undefined;
}

let failures = 0;

/** A bug: the details go to the log, the caller gets the number under which they stand there. */
function brokenStatus({ log }: Es9Service, name: Es9Name, error: unknown): StatusCode {
  failures += 1;
  const errorId = `E${Date.now().toString(36)}-${failures}`;
  log.failed(name, errorId, error);
  return refuse.broken(`its operator finds the reason in the log under ${errorId}`).status;
}
