import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { Readable } from 'node:stream';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { endUnread } from './unread-answer.ts';

const PIECE = 'x'.repeat(10_000);
const PIECES = 1500;
let answered: PromiseWithResolvers<ServerResponse>;
let unreadMs = 500;
const server = createServer((_request, response) => {
  endUnread(response, unreadMs);
  Readable.from(Array.from({ length: PIECES }, () => PIECE)).pipe(response);
  answered.resolve(response);
});
before(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
after(() => void server.close());

/** A client that has asked and has read nothing so far. */
async function client() {
  answered = Promise.withResolvers();
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.on('error', () => undefined).pause();
  socket.write('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  return { socket, response: await answered.promise };
}

test('the connection of a client that reads nothing ends', async () => {
  const { socket, response } = await client();
  const started = performance.now();
  await once(response, 'close');
  assert.equal(response.writableFinished, false);
  assert.ok(performance.now() - started > 400);
  socket.destroy();
});

test('a client that reads slowly gets everything, also if that takes longer than it may read nothing', async () => {
  unreadMs = 1500;
  const { socket } = await client();
  const started = performance.now();
  let bytes = 0;
  for await (const piece of socket) {
    bytes += piece.length;
    const due = (2 * unreadMs * bytes) / (PIECES * PIECE.length);
    await sleep(started + due - performance.now());
  }
  assert.ok(bytes > PIECES * PIECE.length, `${bytes} bytes`);
  assert.ok(performance.now() - started > unreadMs);
});
