import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { pathOf } from '../../http/target.ts';
import { HttpProblem, problemBody } from './problem.ts';

/** What Node could not read as HTTP, by its error code. */
const problems: Readonly<Record<string, readonly [status: number, phrase: string, detail: string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large', 'the headers have more than 16 KiB'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout', 'the request did not arrive in time'],
};
const unreadable = [400, 'Bad Request', 'the request is not HTTP/1.1'] as const;

/** How many requests of a socket take as long as they take: the end of one may be noticed after the next has started. */
const unhurried = new WeakMap<Socket, number>();

/** Lets the request that is coming in over a socket take its time, until `done` is called. */
export function takeTime(socket: Socket): { readonly done: () => void } {
  const add = (requests: number) => unhurried.set(socket, (unhurried.get(socket) ?? 0) + requests);
  add(1);
  return { done: () => void add(-1) };
}

/** Refuses, in the API's own words, what never became a request; then the connection ends. */
export function refuseAtSocket({ code = '' }: NodeJS.ErrnoException, socket: Socket): void {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT' && (unhurried.get(socket) ?? 0) > 0) return;
  if (code !== 'ECONNRESET' && socket.writable) {
    const [status, phrase, detail] = problems[code] ?? unreadable;
    const requestId = randomUUID();
    const body = JSON.stringify(problemBody(new HttpProblem(status, 'bad_request', detail), '/', requestId));
    socket.write(
      `HTTP/1.1 ${status} ${phrase}\r\nContent-Type: application/problem+json\r\nX-Request-Id: ${requestId}\r\n` +
        `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
    );
  }
  socket.destroy();
}

/** Answers an expectation that is not 100-continue (RFC 9110 10.1.1); the client may wait before it sends its body, so the connection ends. */
export function refuseExpectation({ headers, url = '/' }: IncomingMessage, response: ServerResponse): void {
  const requestId = randomUUID();
  const detail = `Expect: ${headers.expect} is not supported, only 100-continue is`;
  const problem = problemBody(new HttpProblem(417, 'bad_request', detail), pathOf(url), requestId);
  const types = {
    'Content-Type': 'application/problem+json',
    'X-Request-Id': requestId,
    Connection: 'close',
  };
  response.writeHead(417, types).end(JSON.stringify(problem));
}
