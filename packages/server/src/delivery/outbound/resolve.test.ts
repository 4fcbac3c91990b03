import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { createLookUp } from './look-up.ts';
import { describeFailure, type PostResponse, post } from './post.ts';
import { isPrivateLiteral, PrivateHostError, publicOnly } from './resolve.ts';

const lookUp = createLookUp([]);
let reached = 0;
const server = createServer((request, response) => {
  reached++;
  if (request.url === '/never') return;
  if (request.url === '/long') return void response.writeHead(200).end('x'.repeat(100_000));
  if (request.url === '/endless') {
    response.writeHead(503, { 'retry-after': '7' });
    const timer = setInterval(() => response.write('x'.repeat(1000)), 1);
    response.on('close', () => clearInterval(timer));
    return;
  }
  response.writeHead(302, { location: '/elsewhere' }).end();
});
let port = 0;
before(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
});
after(() => {
  server.closeAllConnections();
  server.close();
});

function sent(url: string, more: { allowPrivate?: boolean; timeoutMs?: number } = {}): Promise<PostResponse> {
  const { allowPrivate = true, timeoutMs = 5000 } = more;
  const signal = new AbortController().signal;
  return post({ url: new URL(url), headers: {}, body: '{}', allowPrivate, lookUp, timeoutMs, signal });
}

test('a host that is a private address, in whatever spelling, is not connected to', async () => {
  const spellings = ['127.0.0.1', '2130706433', '0x7f.1', '017700000001', '[::1]', '[::ffff:127.0.0.1]', '0'];
  for (const host of spellings) {
    const url = `http://${host}:${port}/`;
    assert.equal(isPrivateLiteral(new URL(url)), true, host);
    await assert.rejects(sent(url, { allowPrivate: false }), PrivateHostError, host);
  }
  assert.equal(reached, 0);
});

test('a name that leads to a private address is looked up, and not connected to', async () => {
  await assert.rejects(sent(`http://localhost:${port}/`, { allowPrivate: false }), (error) => {
    assert.equal(describeFailure(error), 'the host is in a private network');
    return true;
  });
  assert.equal(reached, 0);
  const { promise, resolve } = Promise.withResolvers<unknown>();
  publicOnly(lookUp)('localhost', { family: 4 }, (error) => resolve(error));
  assert.ok((await promise) instanceof PrivateHostError);
});

test('a redirect is an answer like others: nothing follows it', async () => {
  assert.deepEqual(await sent(`http://localhost:${port}/`), { status: 302 });
  assert.equal(reached, 1);
});

test('of a long answer or one without end only the beginning is read', async () => {
  assert.deepEqual(await sent(`http://localhost:${port}/long`), { status: 200 });
  assert.deepEqual(await sent(`http://localhost:${port}/endless`), { status: 503, retryAfter: 7 });
});

test('who does not answer is not waited for', async () => {
  await assert.rejects(sent(`http://localhost:${port}/never`, { timeoutMs: 50 }), (error) => {
    assert.equal(describeFailure(error), 'no response in time');
    return true;
  });
});
