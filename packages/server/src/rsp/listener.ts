import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { ADMIN_PROTOCOL } from '@esim-rsp/sgp22/functions/header';
import type { StatusCode } from '@esim-rsp/sgp22/status';
import { BUSY_RETRY_SECONDS, type Load, noLoad } from '../limits/load.ts';
import { busyStatus, type RspAnswer, type RspCall } from './answer.ts';

export type RspListenerOptions = {
  readonly bodyBytes: number;
  /** Absent: no call is refused because of the load. */
  readonly load?: Load;
};

/** One interface (ES2+ or ES9+) for the HTTP listener. */
export type RspInterface<B extends { readonly contentType: string }> = {
  readonly name: 'ES2+' | 'ES9+';
  findBinding(path: string): B | undefined;
  answer(binding: B, call: RspCall, request: IncomingMessage): Promise<RspAnswer>;
  /** The body of a response with this status code only. */
  refusal(binding: B, status: StatusCode): string | Uint8Array;
};

/** An HTTP listener for ES2+ or ES9+ (6.5.1): reads the request, calls `answer`, writes the response. No framework, for speed. */
export function rspListener<B extends { readonly contentType: string }>(
  { name, findBinding, answer, refusal }: RspInterface<B>,
  { bodyBytes, load = noLoad }: RspListenerOptions,
): RequestListener {
  return (request, response) => {
    const adminProtocol = request.headers['x-admin-protocol'] as string | undefined;
    response.setHeader('X-Admin-Protocol', answerProtocol(name, adminProtocol));
    const binding = findBinding(pathOf(request.url ?? ''));
    if (binding === undefined) return write(response, 404, problem(404, 'there is no function at this path'));
    if (request.method !== 'POST') {
      response.setHeader('Allow', 'POST');
      return write(response, 405, problem(405, `the functions of ${name} support only POST`));
    }
    readBody(request, bodyBytes, async (body) => {
      if (body === undefined)
        return write(
          response,
          413,
          problem(413, `the request body is too large: at most ${bodyBytes} bytes are accepted`),
        );
      if (load.isOverloaded()) {
        response.setHeader('Retry-After', BUSY_RETRY_SECONDS);
        // Node accepts one connection per round of its event loop: busy connections would keep new ones waiting.
        response.setHeader('Connection', 'close');
        return write(response, 503, refusal(binding, busyStatus()), binding.contentType);
      }
      const leave = load.enter();
      const reply = await answer(binding, { adminProtocol, body }, request).finally(leave);
      if ('body' in reply) write(response, reply.status, reply.body, binding.contentType);
      else response.writeHead(reply.status).end();
    });
  };
}

function pathOf(url: string): string {
  const end = url.indexOf('?');
  return end === -1 ? url : url.slice(0, end);
}

/**
 * Passes the whole body to `done`, or undefined as soon as it is too large: node:http then reads and drops the rest, so that
 * the client receives the response. `done` is not called if the request ends early.
 */
function readBody(request: IncomingMessage, limit: number, done: (body: Buffer | undefined) => void): void {
  if (Number(request.headers['content-length'] ?? 0) > limit) {
    done(undefined);
    return;
  }
  const chunks: Buffer[] = [];
  let length = 0;
  const take = (chunk: Buffer) => {
    length += chunk.length;
    if (length <= limit) chunks.push(chunk);
    else {
      request.off('data', take).off('end', finish).resume();
      done(undefined);
    }
  };
  const finish = () => done(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks));
  request
    .on('data', take)
    .on('end', finish)
    .on('error', () => undefined);
}

function problem(statusCode: number, message: string): string {
  return JSON.stringify({ statusCode, message });
}

/** X-Admin-Protocol of a response. An operator's system may insist on the release that it sent, so ES2+ gives a release of v2 back. */
function answerProtocol(name: 'ES2+' | 'ES9+', received: string | undefined): string {
  const isRelease = received !== undefined && /^gsma\/rsp\/v2(?:\.\d{1,3}){1,2}$/.test(received);
  return name === 'ES2+' && isRelease ? received : ADMIN_PROTOCOL;
}

function write(
  response: ServerResponse,
  status: number,
  body: string | Uint8Array,
  contentType = 'application/json',
): void {
  if (response.destroyed) return; // the client has closed the connection
  const headers = {
    'Content-Type': contentType,
    'Content-Length': Buffer.byteLength(body),
  };
  response.writeHead(status, headers).end(body);
}
