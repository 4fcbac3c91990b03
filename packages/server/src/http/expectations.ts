import type { IncomingMessage, Server, ServerResponse } from 'node:http';

/** Responses whose clients wait for 100 Continue before they send the body. */
const waiting = new WeakSet<ServerResponse>();

/**
 * Handles Expect (RFC 9110 10.1.1): `sendContinue` asks for the body when it is to be read, so that a request that is refused before costs
 * no body. The connection ends after such a refusal. `refuse` answers an expectation that is not 100-continue with 417.
 */
export function handleExpectations(
  server: Server,
  refuse: (request: IncomingMessage, response: ServerResponse) => void,
): void {
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    waiting.add(response);
    server.emit('request', request, response);
  });
  server.on('checkExpectation', refuse);
}

/** Sends 100 Continue if the client waits for it. */
export function sendContinue(response: ServerResponse): void {
  if (waiting.delete(response)) response.writeContinue();
}

/** Whether the client still waits: it may send no body at all after the answer, so that the connection must end. */
export function waitsToContinue(response: ServerResponse): boolean {
  return waiting.has(response);
}
