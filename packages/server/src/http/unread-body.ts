import type { IncomingMessage, Server, ServerResponse } from 'node:http';

/** What a client may still send after the answer to its request. */
const MOST_BYTES = 16_777_216;
const LONGEST_MS = 10_000;
const LOOK_EVERY_MS = 100;

/**
 * Reads and drops the rest of a body whose request was answered early: the client gets the answer, and its next request on the connection
 * works. A client that sends too much, or too slowly, loses its connection.
 */
export function dropUnreadBodies(server: Server): void {
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (!hasBody(request)) return;
    response.once('finish', () => {
      if (!request.complete) dropRest(request);
    });
  });
}

/** Whether a body follows the head of a request (RFC 9112 6.3). */
export function hasBody({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  return headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
}

function dropRest(request: IncomingMessage): void {
  const { socket } = request;
  const [bytes, until] = [socket.bytesRead + MOST_BYTES, Date.now() + LONGEST_MS];
  const timer = setInterval(() => {
    if (request.complete || socket.destroyed) return clearInterval(timer);
    if (socket.bytesRead > bytes || Date.now() > until) socket.destroy();
  }, LOOK_EVERY_MS).unref();
  request.unpipe();
  request.resume();
}
