import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { type TestContext, test } from 'node:test';
import { listen } from '../test/listen.ts';
import { ApiError, ConnectionError, ESIMRSPApi, type ProfileEvent, TimeoutError } from './index.ts';

type Step = (response: ServerResponse) => void;

/** A server that does these steps, one for each connection; also the URLs. */
async function server(t: TestContext, ...steps: Step[]) {
  const urls: string[] = [];
  const basePath = await listen(t, ({ url = '' }, response) => {
    const step = steps[Math.min(urls.length, steps.length - 1)];
    urls.push(url);
    step?.(response);
  });
  return { urls, basePath };
}

const open = (response: ServerResponse) => response.writeHead(200, { 'content-type': 'text/event-stream' });
const block = (id: number) => `id: ${id}\nevent: profile.created\ndata: ${JSON.stringify({ id })}\n\n`;
const silent: Step = () => {};

async function take(events: AsyncGenerator<ProfileEvent>, count: number): Promise<number[]> {
  const ids: number[] = [];
  for await (const { id } of events) if (ids.push(id) === count) break;
  return ids;
}

test('a stream that breaks is opened again where it was, and each reconnect is reported', async (t) => {
  const { urls, basePath } = await server(
    t,
    (response) => open(response).end(block(1) + block(2)),
    (response) => void open(response).write(': still here\n\n', () => response.destroy()),
    (response) => response.writeHead(503).end('busy'),
    (response) => open(response).write(block(3)),
  );
  const warnings: string[] = [];
  const logger = { debug: () => assert.fail(), warn: (text: string) => warnings.push(text) };
  const reported: string[] = [];
  const events = new ESIMRSPApi({ basePath, logger }).followEvents(
    { cursor: '0', types: 'profile.created' },
    { onReconnect: ({ code }, failures) => reported.push(`${code} ${failures}`) },
  );
  assert.deepEqual(await take(events, 3), [1, 2, 3]);
  assert.deepEqual(
    urls,
    ['0', '2', '2', '2'].map((cursor) => `/events?cursor=${cursor}&types=profile.created`),
  );
  assert.deepEqual(reported, ['network 1', 'network 1', 'http_503 2']);
  assert.equal(warnings.length, 3);
  assert.match(warnings[2] ?? '', /^followEvents: http_503, next attempt in \d+ ms$/);
});

test('a server that does not answer in time is a TimeoutError', async (t) => {
  const { basePath } = await server(t, silent);
  const events = new ESIMRSPApi({ basePath, timeout: 50, retries: 0 }).followEvents();
  await assert.rejects(events.next(), TimeoutError);
});

test('a stream on which nothing arrives is opened again after the time-out of the call', async (t) => {
  const { urls, basePath } = await server(
    t,
    (response) => open(response).write('id: 5\n\n'),
    (response) => open(response).write(block(6)),
  );
  const errors: unknown[] = [];
  const options = { timeout: 100, onReconnect: (error: unknown) => errors.push(error) };
  assert.deepEqual(await take(new ESIMRSPApi({ basePath }).followEvents({}, options), 1), [6]);
  assert.ok(errors[0] instanceof TimeoutError);
  assert.deepEqual(urls, ['/events', '/events?cursor=5']);
});

test('a server that is not there is a ConnectionError after the retries', async () => {
  const events = new ESIMRSPApi({ basePath: 'http://127.0.0.1:9', retries: 1 }).followEvents();
  await assert.rejects(events.next(), ConnectionError);
});

test('a refusal, another kind of answer and an event that is not JSON are an ApiError', async (t) => {
  const refused = await server(t, (response) => response.writeHead(401).end());
  const page = await server(t, (response) =>
    response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'),
  );
  const broken = await server(t, (response) => open(response).end('data: {\n\n'));
  for (const [{ basePath, urls }, code] of [
    [refused, 'http_401'],
    [page, 'unexpected_answer'],
    [broken, 'unexpected_answer'],
  ] as const) {
    await assert.rejects(new ESIMRSPApi({ basePath }).followEvents().next(), (error) => {
      assert.ok(error instanceof ApiError);
      assert.equal(error.code, code);
      return true;
    });
    assert.equal(urls.length, 1);
  }
});

test('the signal ends a stream, and the waiting for the next connection, with its reason', async (t) => {
  const { basePath } = await server(t, (response) => open(response).write(block(1)), silent);
  const reason = new Error('enough');
  const stop = new AbortController();
  const events = new ESIMRSPApi({ basePath }).followEvents({}, { signal: stop.signal });
  assert.deepEqual((await events.next()).value, { id: 1 });
  const next = events.next();
  stop.abort(reason);
  await assert.rejects(next, reason);
  const away = new AbortController();
  const waiting = new ESIMRSPApi({ basePath: 'http://127.0.0.1:9', retries: 60 })
    .followEvents({}, { signal: away.signal, onReconnect: () => away.abort(reason) })
    .next();
  await assert.rejects(waiting, reason);
});
