import { DerError } from '@esim-rsp/codec';
import { asn1Path } from '@esim-rsp/sgp22/functions/asn1-binding';
import { BindingError } from '@esim-rsp/sgp22/functions/binding';
import { type Es9Name, es9plus } from '@esim-rsp/sgp22/functions/es9plus';
import { Refusal, refusals, type StatusCode } from '@esim-rsp/sgp22/status';
import type { TransactionId } from '@esim-rsp/sgp22/value/transaction-id';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import type { Es9Functions } from '@esim-rsp/smdp/es9/functions';
import type { Env, ProtocolFunction, Store } from '@esim-rsp/smdp/ports';
import { run } from '@esim-rsp/smdp/run';
import type { Es9Binding } from './es9-bindings.ts';

/** What stands behind the paths of ES9+. */
export type Es9Service = {
  readonly functions: Es9Functions;
  readonly store: Store;
  /** Called once per request: it reads the clock. */
  readonly env: () => Env;
  readonly log: Es9Log;
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
export type Es9Call = {
  readonly binding: Es9Binding;
  /** X-Admin-Protocol, if it was sent. */
  readonly adminProtocol?: string | undefined;
  readonly body: Buffer;
};

/** 503: the notification was not taken in, so the LPA must keep it and send it again. */
export type Es9Answer =
  | { readonly status: 200 | 503; readonly body: string | Uint8Array }
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

/** Every call gets an answer, and nothing is thrown. */
export async function answerEs9(service: Es9Service, call: Es9Call): Promise<Es9Answer> {
  const { binding, adminProtocol, body } = call;
  let { name } = binding;
  let transactionId: TransactionId | undefined;
  try {
    mustSpeakOurProtocol(adminProtocol);
    const read = binding.read(body);
    name = read.name;
    transactionId = transactionIn(read.request);
    const fn: ProtocolFunction<unknown, unknown, unknown> = service.functions[name];
    const reply = await run(fn, read.request, service.store, service.env());
    if (es9plus[name].response === undefined) return { status: 204 };
    return { status: 200, body: binding.reply(name, reply) };
  } catch (error) {
    return refusedAnswer(service, binding, { name, transactionId, error });
  }
}

/** Both ends say the highest release they speak (6.5.1.3). Clients that say none are taken for ours. */
function mustSpeakOurProtocol(adminProtocol: string | undefined): void {
  if (adminProtocol === undefined) return;
  const major = /^gsma\/rsp\/v(\d{1,3})(?:\.\d{1,3}){0,2}$/.exec(adminProtocol.trim())?.[1];
  if (major === undefined || Number(major) < 2) throw refuse.protocolUnsupported();
}

/** The session that a request names. The notifications name theirs further inside, if any. */
function transactionIn(request: unknown): TransactionId | undefined {
  return (request as { readonly transactionId?: TransactionId }).transactionId;
}

type Refused = {
  readonly name: Es9Name | undefined;
  readonly transactionId: TransactionId | undefined;
  readonly error: unknown;
};

/** A notification that we could not take in must not look delivered. */
function refusedAnswer(
  service: Es9Service,
  binding: Es9Binding,
  { name, transactionId, error }: Refused,
): Es9Answer {
  const known = statusOf(error);
  if (known !== undefined) service.log.refused(name ?? asn1Path, known, transactionId);
  const status = known ?? brokenStatus(service, name, error);
  const isNotification = name !== undefined && es9plus[name].response === undefined;
  const lost = status.subjectCode === '1.2' && isNotification;
  return { status: lost ? 503 : 200, body: binding.refusal(name, status) };
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
function brokenStatus({ log }: Es9Service, name: Es9Name | undefined, error: unknown): StatusCode {
  failures += 1;
  const errorId = `E${Date.now().toString(36)}-${failures}`;
  log.failed(name ?? asn1Path, errorId, error);
  return refuse.broken(`its operator finds the reason in the log under ${errorId}`).status;
}
