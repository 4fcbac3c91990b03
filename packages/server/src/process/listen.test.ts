import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, createServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { restTest } from '../rest/testing/rest.harness.ts';
import { drain, listen, toStartError, urlOf } from './listen.ts';
import { StartError } from './start-error.ts';

const place = { host: '127.0.0.1', port: 0, key: 'ESIM_HTTP_PORT' } as const;

test('a request under way is answered before the server is closed, and a new one is not taken', async () => {
  const arrived = Promise.withResolvers<ServerResponse>();
  const server = createServer((_, response) => arrived.resolve(response));
  const port = await listen(server, place);
  const agent = new Agent({ keepAlive: true });
  const asked = get({ port, agent });
  const response = await arrived.promise;
  const drained = drain(server, 10);
  await assert.rejects(once(get({ port }), 'response'), { code: 'ECONNREFUSED' });
  response.end('done');
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  assert.equal((await answer.setEncoding('utf8').toArray()).join(''), 'done');
  await drained;
  agent.destroy();
});

/** A request over the one connection of the agent; resolves to the answer's header Connection and the local port. */
async function ask(port: number, agent: Agent, path = '/') {
  const asked = get({ port, agent, path });
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  await answer.toArray();
  return { connection: answer.headers.connection, from: asked.socket?.localPort };
}

test('a request on a kept-alive connection is answered while the server drains, and ends the connection', async () => {
  const server = createServer((_, response) => response.end('done'));
  const port = await listen(server, place);
  const agent = new Agent({ keepAlive: true });
  const first = await ask(port, agent);
  assert.equal(first.connection, 'keep-alive');
  const began = performance.now();
  const drained = drain(server, 10);
  const last = await ask(port, agent);
  assert.deepEqual(last, { connection: 'close', from: first.from });
  await drained;
  assert.ok(performance.now() - began < 5000);
  agent.destroy();
});

test('a connection whose request was in progress is good for one more, and an idle one is closed soon', async () => {
  const arrived = Promise.withResolvers<ServerResponse>();
  const server = createServer(({ url }, response) =>
    url === '/slow' ? arrived.resolve(response) : response.end('done'),
  );
  const port = await listen(server, place);
  const [agent, idle] = [new Agent({ keepAlive: true }), new Agent({ keepAlive: true })];
  await ask(port, idle);
  const slow = get({ port, agent, path: '/slow' });
  const response = await arrived.promise;
  const drained = drain(server, 10);
  await sleep(600);
  response.end('done');
  const [answer] = (await once(slow, 'response')) as [IncomingMessage];
  await answer.toArray();
  assert.deepEqual(await ask(port, agent), { connection: 'close', from: slow.socket?.localPort });
  await drained;
  for (const one of [agent, idle]) one.destroy();
});

test('a refusal while the server drains says that the connection ends', async () => {
  for (const path of ['/api/v1/esim/euicc-profiles', '/nothing', '/healthz']) {
    await using api = await restTest();
    await api.app.ready();
    const port = await listen(api.app.server, place);
    const agent = new Agent({ keepAlive: true });
    const first = await ask(port, agent, path);
    assert.equal(first.connection, 'keep-alive', path);
    const drained = drain(api.app.server, 10);
    const last = await ask(port, agent, path);
    assert.deepEqual(last, { connection: 'close', from: first.from }, path);
    await drained;
    agent.destroy();
  }
});

test('a request that does not end is cut when its time is over', async () => {
  const server = createServer(() => undefined);
  const port = await listen(server, place);
  const asked = get({ port });
  await once(server, 'request');
  const cut = assert.rejects(once(asked, 'response'), { code: 'ECONNRESET' });
  await drain(server, 0.1);
  await cut;
});

test('draining a server that is closed already does nothing', async () => {
  const server = createServer();
  await listen(server, place);
  await drain(server, 1);
  await drain(server, 1);
});

test('each reason not to listen says what to do', () => {
  const says = (code: string) =>
    toStartError(Object.assign(new Error(code), { code }), { ...place, port: 80 });
  for (const [code, words] of [
    ['EADDRINUSE', /port 80 of 127\.0\.0\.1 is in use.*ESIM_HTTP_PORT/],
    ['EACCES', /ESIM_HTTP_PORT to one above 1023/],
    ['EADDRNOTAVAIL', /ESIM_HTTP_HOST/],
  ] as const) {
    const error = says(code);
    assert.ok(error instanceof StartError);
    assert.match(error.message, words);
  }
  assert.ok(!(says('EWHATEVER') instanceof StartError));
});

test('an address for all interfaces is shown as localhost, and IPv6 in brackets', () => {
  assert.equal(urlOf('http', '0.0.0.0', 80), 'http://localhost:80');
  assert.equal(urlOf('https', '::1', 8443), 'https://[::1]:8443');
});
