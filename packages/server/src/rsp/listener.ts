import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { ADMIN_PROTOCOL } from '@esim-rsp/sgp22/functions/header';
import type { StatusCode } from '@esim-rsp/sgp22/status';
import { ACCEPTED_CODINGS, CodingError, codingOf, decodeBody } from '../http/content-coding.ts';
import { sendContinue, waitsToContinue } from '../http/expectations.ts';
import { requestIdOf, traceIdOf } from '../http/request-id.ts';
import { pathOf } from '../http/target.ts';
import { BUSY_RETRY_SECONDS, type Load, noLoad } from '../limits/load.ts';
import { currentScope, inScope } from '../log/scope.ts';
import type { Traces } from '../traces/traces.ts';
import { busyStatus, isInternalError, type RspAnswer, type RspCall } from './answer.ts';

export type RspListenerOptions = {
  readonly bodyBytes: number;
  /** Absent: no call is refused because of the load. */
  readonly load?: Load;
  /** Absent: there are none. */
  readonly traces?: Traces | undefined;
  /** What counts the calls of a function: `ok`, the status code, or the HTTP status if there is none. */
  readonly countCalls?: (name: string) => (code: string, milliseconds: number) => void;
};

/** One interface (ES2+ or ES9+) for the HTTP listener. */
export type RspInterface<B extends { readonly name?: string | undefined; readonly contentType: string }> = {
  readonly name: 'ES2+' | 'ES9+';
  findBinding(path: string): B | undefined;
  answer(binding: B, call: RspCall, request: IncomingMessage): Promise<RspAnswer>;
  /** The body of a response with this status code only. */
  refusal(binding: B, status: StatusCode): string | Uint8Array;
};

/** An HTTP listener for ES2+ or ES9+ (6.5.1): reads the request, calls `answer`, writes the response. No framework, for speed. */
export function rspListener<B extends { readonly name?: string | undefined; readonly contentType: string }>(
  { name, findBinding, answer, refusal }: RspInterface<B>,
  { bodyBytes, load = noLoad, countCalls, traces }: RspListenerOptions,
): RequestListener {
  const listen: RequestListener = (request, response) => {
    const adminProtocol = request.headers['x-admin-protocol'] as string | undefined;
    response.setHeader('X-Admin-Protocol', answerProtocol(name, adminProtocol));
    const requestId = requestIdOf(request.headers['x-request-id']);
    response.setHeader('X-Request-Id', requestId);
    const binding = findBinding(pathOf(request.url ?? ''));
    if (binding === undefined) return write(response, 404, problem(404, 'there is no function at this path'));
    if (request.method !== 'POST') {
      response.setHeader('Allow', 'POST');
      return write(response, 405, problem(405, `the functions of ${name} support only POST`));
    }
    if (load.isTooMuch(request)) {
      response.setHeader('Retry-After', BUSY_RETRY_SECONDS);
      if (waitsToContinue(response)) response.setHeader('Connection', 'close');
      return write(response, 503, refusal(binding, busyStatus()), binding.contentType);
    }
    readBody(request, response, bodyBytes, async (body) => {
      const startedAt = performance.now();
      const leave = load.enter();
      const scope = { request_id: requestId, interface: name, ...traceIdOf(request.headers) };
      const work = () => answer(binding, { adminProtocol, body }, request);
      const traced = () => (traces === undefined ? work() : trace(traces, name, { binding, request, work }));
      const reply = await inScope(scope, traced).finally(leave);
      if (reply.retryAfter !== undefined) response.setHeader('Retry-After', reply.retryAfter);
      if ('body' in reply) write(response, reply.status, reply.body, binding.contentType);
      else response.writeHead(reply.status).end();
      const called = reply.function ?? binding.name ?? UNKNOWN;
      countCalls?.(called)(codeOf(reply), performance.now() - startedAt);
    });
  };
  return (request, response) => load.whenItsTurn(request, () => listen(request, response));
}

type TracedCall = {
  readonly binding: { readonly name?: string | undefined };
  readonly request: IncomingMessage;
  readonly work: () => Promise<RspAnswer>;
};

/** Anybody can call ES9+, and so cannot say to which trace its call belongs. */
function trace(traces: Traces, name: 'ES2+' | 'ES9+', { binding, request, work }: TracedCall) {
  const { headers } = request;
  const call = { name: `${name} ${binding.name ?? UNKNOWN}`, headers, isKnown: name === 'ES2+' };
  return traces.receive(call, async (span) => {
    const reply = await work();
    const { refused, status } = reply;
    span.rename(`${name} ${reply.function ?? binding.name ?? UNKNOWN}`);
    span.note({ ...currentScope(), transaction_id: reply.transactionId, status });
    if (refused !== undefined)
      span.note({ subject_code: refused.subjectCode, reason_code: refused.reasonCode });
    if (isInternalError(reply)) span.fail();
    return reply;
  });
}

/** A function that could not be read, in metrics and traces. */
const UNKNOWN = 'unknown';

function codeOf({ status, refused }: RspAnswer): string {
  if (refused !== undefined) return `${refused.subjectCode}/${refused.reasonCode}`;
  return status < 300 ? 'ok' : String(status);
}

/**
 * Passes the whole body to `done`, unpacked. Refuses one that is too large, as soon as this is known, or cannot be unpacked; the server
 * drops the rest of it (`dropUnreadBodies`). `done` is not called if the request ends early.
 */
function readBody(
  request: IncomingMessage,
  response: ServerResponse,
  limit: number,
  done: (body: Buffer) => void,
): void {
  const tooLarge = () =>
    refuseBody(response, 413, `the request body is too large: at most ${limit} bytes are accepted`);
  if (Number(request.headers['content-length'] ?? 0) > limit) {
    tooLarge();
    return;
  }
  const coding = codingOf(request);
  const body = coding === undefined ? request : decodeBody(request, coding);
  if (body === undefined) {
    response.setHeader('Accept-Encoding', ACCEPTED_CODINGS);
    const advice = `send the body as it is, or with one of ${ACCEPTED_CODINGS}`;
    refuseBody(
      response,
      415,
      `the body has the Content-Encoding ${coding}, which is not supported: ${advice}`,
    );
    return;
  }
  sendContinue(response);
  const chunks: Buffer[] = [];
  let length = 0;
  const take = (chunk: Buffer) => {
    length += chunk.length;
    if (length <= limit) chunks.push(chunk);
    else {
      body.off('data', take).off('end', finish).pause();
      tooLarge();
    }
  };
  const finish = () => done(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks));
  body
    .on('data', take)
    .on('end', finish)
    .on('error', (error) => {
      if (error instanceof CodingError) refuseBody(response, 400, error.message);
    });
}

function refuseBody(response: ServerResponse, status: 400 | 413 | 415, message: string): void {
  if (waitsToContinue(response)) response.setHeader('Connection', 'close');
  write(response, status, problem(status, message));
}

function problem(statusCode: number, message: string): string {
  return JSON.stringify({ statusCode, message });
}

/** X-Admin-Protocol of a response. An operator's system may insist on the release that it sent, so ES2+ gives a release of v2 back. */
function answerProtocol(name: 'ES2+' | 'ES9+', received: string | undefined): string {
  const isRelease = received !== undefined && /^gsma\/rsp\/v2(?:\.\d{1,3}){1,2}$/.test(received);
  return name === 'ES2+' && isRelease ? received : ADMIN_PROTOCOL;
}

/** Answers an expectation that the server does not know (RFC 9110 10.1.1). */
export function refuseExpectation({ headers }: IncomingMessage, response: ServerResponse): void {
  response.setHeader('X-Admin-Protocol', ADMIN_PROTOCOL);
  response.setHeader('Connection', 'close'); // the client may wait before it sends its body
  write(response, 417, problem(417, `Expect: ${headers.expect} is not supported, only 100-continue is`));
}

function write(
  response: ServerResponse,
  status: number,
  body: string | Uint8Array,
  contentType = 'application/json',
): void {
  if (response.destroyed) return; // the client has closed the connection
  const length = Buffer.byteLength(body);
  const isAscii = length === body.length; // then latin1 writes the same octets, in less time
  response.writeHead(status, { 'Content-Type': contentType, 'Content-Length': length });
  response.end(body, isAscii ? 'latin1' : 'utf8');
}
