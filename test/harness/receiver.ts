import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';

export type Received = {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly path: string;
  /** SHA-256 of the certificate that was shown in TLS. */
  readonly client?: string;
};

/** Somebody whom the server informs of what happens. */
export type Receiver = AsyncDisposable & {
  readonly url: string;
  /** All that came, also what was not accepted. */
  readonly received: Received[];
  /** How each is answered; 204 unless a test says otherwise. */
  answer: (response: ServerResponse, one: Received) => void;
  /** Resolves when so many have come. */
  count(count: number): Promise<readonly Received[]>;
};

/**
 * Over TLS where that is given: then of all paths. Otherwise of a path of its own, because servers of other tests may still send to the
 * port, which somebody else had before.
 */
export async function startReceiver(tls?: ServerOptions): Promise<Receiver> {
  const received: Received[] = [];
  const ownPath = `/hook/${randomUUID()}`;
  const listener = async (request: IncomingMessage, response: ServerResponse) => {
    const { headers, url: path = '', socket } = request;
    if (tls === undefined && path !== ownPath) {
      request.resume();
      response.writeHead(404).end();
      return;
    }
    const client = tls && (socket as TLSSocket).getPeerX509Certificate()?.fingerprint256;
    const one = { headers, path, body: await text(request), ...(client && { client }) };
    received.push(one);
    receiver.answer(response, one);
  };
  const server = tls ? createTlsServer(tls, listener) : createServer(listener);
  server.listen(0);
  await once(server, 'listening');
  const receiver: Receiver = {
    url: `${tls ? 'https://localhost' : 'http://127.0.0.1'}:${(server.address() as AddressInfo).port}${ownPath}`,
    received,
    answer: (response) => void response.writeHead(204).end(),
    count: async (count) => {
      await until(() => received.length >= count);
      return received;
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
  return receiver;
}

/** Waits for something that comes by itself; the test runner's time-out is the limit. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(20);
}
