import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

export type Received = {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly path: string;
};

/** Somebody whom the server tells what happens. */
export type Receiver = AsyncDisposable & {
  readonly url: string;
  /** All that came, also what was not accepted. */
  readonly received: Received[];
  /** How each is answered; 204 unless a test says otherwise. */
  answer: (response: ServerResponse, one: Received) => void;
  /** Resolves when so many have come. */
  count(count: number): Promise<readonly Received[]>;
};

export async function startReceiver(port = 0): Promise<Receiver> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const one = { headers: request.headers, path: request.url ?? '', body: await text(request) };
    received.push(one);
    receiver.answer(response, one);
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
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
