import assert from 'node:assert/strict';
import type { RequestListener, ServerResponse } from 'node:http';
import { test } from 'node:test';
import { listen } from '../../test/listen.ts';
import {
  ApiError,
  Configuration,
  type ConfigurationParameters,
  ConnectionError,
  ESIMRSPApi,
  NotFoundError,
  ServerError,
} from '../index.ts';

const ICCID = '89000000000000000012';
const PROBLEM = {
  type: 'about:blank',
  title: 'Not Found',
  status: 404,
  detail: 'There is no Profile with this ICCID.',
  instance: `/api/v1/esim/euicc-profiles/${ICCID}`,
  message: 'There is no Profile with this ICCID.',
  statusCode: 404,
  code: 'profile_not_found',
  request_id: 'r-7',
};

type Step = (response: ServerResponse) => void;
const ok: Step = (response) => response.end('{}');
const busy =
  (status: number, headers: Record<string, string> = {}): Step =>
  (response) =>
    response.writeHead(status, headers).end('later');
const hangUp: Step = (response) => response.destroy();
const silent: Step = () => {};

/** Answers request after request as the steps say, the last one for ever; counts them. */
function script(...steps: Step[]): { listener: RequestListener; count: () => number } {
  let count = 0;
  const listener: RequestListener = (_, response) => steps[Math.min(count++, steps.length - 1)]?.(response);
  return { listener, count: () => count };
}

const client = (basePath: string, rest: ConfigurationParameters = {}) =>
  new ESIMRSPApi(new Configuration({ basePath, apiKey: 'hush-hush', ...rest }));

/** The error of a kind that a promise rejects with. */
async function rejection<T extends Error>(
  promise: Promise<unknown>,
  kind: new (...args: never[]) => T,
): Promise<T> {
  const error = await promise.then(
    () => assert.fail('it should have been refused'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof kind, String(error));
  return error;
}

test('a refusal carries status, code, message and request id, and the whole answer', async (t) => {
  const { listener, count } = script((response) =>
    response.writeHead(404, { 'content-type': 'application/problem+json' }).end(JSON.stringify(PROBLEM)),
  );
  const error = await rejection(client(await listen(t, listener)).getEUICCProfile(ICCID), ApiError);
  assert.ok(error instanceof NotFoundError);
  assert.equal(error.name, 'NotFoundError');
  assert.equal(error.status, 404);
  assert.equal(error.code, 'profile_not_found');
  assert.equal(error.message, PROBLEM.message);
  assert.equal(error.requestId, 'r-7');
  assert.equal(error.response.status, 404);
  assert.deepEqual(error.response.data, PROBLEM);
  assert.equal(count(), 1, 'what is refused for good is not asked again');
});

test('an error page of something before the API is reported by its status', async (t) => {
  const headers = { 'x-request-id': 'r-8' };
  const origin = await listen(t, script(busy(500, headers)).listener);
  const error = await rejection(client(origin).getQRCode(ICCID), ApiError);
  assert.equal(error.code, 'http_500');
  assert.equal(error.message, 'The server answered 500 Internal Server Error.');
  assert.equal(error.requestId, 'r-8');
  assert.equal(error.response.data, 'later');
});

test('an answer of another kind than was asked for is an error', async (t) => {
  const page: Step = (response) => response.setHeader('content-type', 'text/html').end('<html>');
  const api = client(await listen(t, script(page).listener));
  for (const call of [api.getEUICCProfile(ICCID), api.getQRCode(ICCID)]) {
    const error = await rejection(call, ApiError);
    assert.equal(error.code, 'unexpected_answer');
    assert.match(error.message, /text\/html in place of (JSON|image\/png): is basePath right\?/);
  }
});

test('a redirect is not followed, for the key would go with it', async (t) => {
  const elsewhere = script(ok);
  const target = await listen(t, elsewhere.listener);
  const origin = await listen(t, script(busy(302, { location: target })).listener);
  const error = await rejection(client(origin).getEUICCProfile(ICCID), ApiError);
  assert.equal(error.code, 'redirected');
  assert.ok(error.message.includes(target));
  assert.equal(elsewhere.count(), 0);
});

test('a GET is tried again when the server is busy or the connection breaks', async (t) => {
  const { listener, count } = script(busy(503), hangUp, ok);
  const { status } = await client(await listen(t, listener)).getEUICCProfile(ICCID);
  assert.deepEqual([status, count()], [200, 3]);
});

test('after the last attempt the last error is reported', async (t) => {
  const { listener, count } = script(busy(429, { 'retry-after': '0' }));
  const error = await rejection(client(await listen(t, listener), { retries: 1 }).getStatus(), ApiError);
  assert.deepEqual([error.status, error.retryAfter, count()], [429, 0, 2]);
});

test('Retry-After is waited for', async (t) => {
  const { listener } = script(busy(429, { 'retry-after': '1' }), ok);
  const started = performance.now();
  await client(await listen(t, listener)).getEUICCProfile(ICCID);
  assert.ok(performance.now() - started >= 990);
});

test('a server that wants to be left alone for long is not waited for', async (t) => {
  const date = new Date(Date.now() + 3_600_000).toUTCString();
  const { listener, count } = script(busy(503, { 'retry-after': date }), ok);
  const error = await rejection(client(await listen(t, listener)).getEUICCProfile(ICCID), ApiError);
  assert.ok(error.retryAfter !== undefined && error.retryAfter > 3_500 && error.retryAfter <= 3_600);
  assert.equal(count(), 1);
});

test('a POST is sent again under the same Idempotency-Key, and without retries it has none', async (t) => {
  for (const step of [busy(503), hangUp]) {
    const { listener, count } = script(step, ok);
    const keys: unknown[] = [];
    const origin = await listen(t, (request, response) => {
      keys.push(request.headers['idempotency-key']);
      listener(request, response);
    });
    await client(origin).orderEUICCProfile(ICCID, {}, { retries: 5 });
    assert.equal(count(), 2);
    assert.match(String(keys[0]), /^\d{1,10}(-\d{1,10}){3}$/);
    assert.equal(keys[0], keys[1]);
    await client(origin).orderEUICCProfile(ICCID, {}, { retries: 0 });
    await client(origin).orderEUICCProfile(ICCID, {}, { headers: { 'idempotency-key': 'mine' } });
    assert.deepEqual(keys.slice(2), [undefined, 'mine']);
  }
});

test('a call with a key of its own is sent with it, also without retries', async (t) => {
  const keys: unknown[] = [];
  const origin = await listen(t, (request, response) => {
    keys.push(request.headers['idempotency-key']);
    response.end('{}');
  });
  await client(origin).orderEUICCProfile(ICCID, {}, { idempotencyKey: 'order-1', retries: 0 });
  await client(origin).releaseEUICCProfile(ICCID, { idempotencyKey: 'order-2' });
  await client(origin).getStatus();
  assert.deepEqual(keys, ['order-1', 'order-2', undefined]);
});

test('a POST whose first attempt is still at work is sent again', async (t) => {
  const problem = { ...PROBLEM, status: 409, statusCode: 409, code: 'in_progress' };
  const working: Step = (response) =>
    response.writeHead(409, { 'retry-after': '0' }).end(JSON.stringify(problem));
  const { listener, count } = script(hangUp, working, ok);
  await client(await listen(t, listener), { retries: 3 }).orderEUICCProfile(ICCID);
  assert.equal(count(), 3);
});

test('a DELETE is tried again as a GET is', async (t) => {
  const { listener, count } = script(busy(503), hangUp, (response) => response.writeHead(204).end());
  const { status, data } = await client(await listen(t, listener)).deleteWebhook('we_1');
  assert.deepEqual([status, data, count()], [204, undefined, 3]);
});

test('after 500 a GET is tried again, and a POST is not, because its key is forgotten', async (t) => {
  const reading = script(busy(500), ok);
  await client(await listen(t, reading.listener)).getEUICCProfile(ICCID);
  assert.equal(reading.count(), 2);
  const writing = script(busy(500), ok);
  await rejection(client(await listen(t, writing.listener)).orderEUICCProfile(ICCID), ServerError);
  assert.equal(writing.count(), 1);
});

test('after 429 even a PATCH is sent again, because the server did not begin', async (t) => {
  const { listener, count } = script(busy(429, { 'retry-after': '0' }), ok);
  await client(await listen(t, listener)).updateEUICCProfile(ICCID, { profile_name: 'X' });
  assert.equal(count(), 2);
});

test('the logger gets retries, and in debug mode each answer, but no secret and no path', async (t) => {
  const lines: string[] = [];
  const logger = {
    debug: (text: string) => lines.push(`debug ${text}`),
    warn: (text: string) => lines.push(`warn ${text}`),
  };
  const answer: Step = (response) =>
    response.setHeader('x-request-id', 'r-9').end('{"activation_code":"LPA:1$hush$hush"}');
  const origin = await listen(t, script(busy(503), answer, busy(503), answer).listener);
  for (const debug of [true, false])
    await client(origin, { logger, debug }).orderEUICCProfile('LPA:1$hush', { confirmation_code: 'hush' });
  const shapes = lines.map((line) => line.replace(/\d+ ms/, 'n ms'));
  assert.deepEqual(shapes, [
    'debug orderEUICCProfile: 503 in n ms, request null',
    'warn orderEUICCProfile: http_503, next attempt in n ms',
    'debug orderEUICCProfile: 200 in n ms, request r-9',
    'warn orderEUICCProfile: http_503, next attempt in n ms',
  ]);
  assert.doesNotMatch(lines.join(), /hush/);
});

test('a PATCH is never sent twice', async (t) => {
  const { listener, count } = script(busy(503), ok);
  const change = client(await listen(t, listener)).updateEUICCProfile(
    ICCID,
    { profile_name: 'X' },
    { retries: 5 },
  );
  await assert.rejects(change);
  assert.equal(count(), 1);
});

test('a server out of reach is a ConnectionError with the reason and without the key', async () => {
  const error = await rejection(
    client('http://127.0.0.1:9', { retries: 0 }).getEUICCProfile(ICCID),
    ConnectionError,
  );
  assert.equal(error.code, 'network');
  assert.equal(error.response, undefined);
  assert.match(error.message, /^No answer from http:\/\/127\.0\.0\.1:9: .+\.$/);
  assert.doesNotMatch(error.message, /hush/);
});

test('a time-out ends an attempt, before the headers or in the middle of the body', async (t) => {
  const half: Step = (response) => response.writeHead(200, { 'content-length': '9' }).write('{');
  for (const step of [silent, half]) {
    const api = client(await listen(t, script(step).listener), { timeout: 50, retries: 0 });
    const error = await rejection(api.getEUICCProfile(ICCID), ConnectionError);
    assert.equal(error.code, 'timeout');
    assert.match(error.message, /within 50 ms/);
  }
});

test('a signal ends the request, and the waiting between attempts, with its own reason', async (t) => {
  const reason = new Error('enough');
  for (const step of [silent, busy(503, { 'retry-after': '30' })]) {
    const stop = new AbortController();
    const origin = await listen(t, script(step).listener);
    const call = client(origin).getEUICCProfile(ICCID, { signal: stop.signal });
    setTimeout(() => stop.abort(reason), 100);
    await assert.rejects(call, reason);
  }
  await assert.rejects(client('http://127.0.0.1:9').getStatus({ signal: AbortSignal.abort(reason) }), reason);
});

test('options of one call come before those of the configuration', async (t) => {
  let seen: unknown[] = [];
  const origin = await listen(t, ({ headers }, response) => {
    seen = [headers['x-trace'], headers['x-base'], headers['x-api-key']];
    response.end('{}');
  });
  const api = client(origin, { baseOptions: { headers: { 'x-base': 'base', 'x-trace': 'base' } } });
  await api.getEUICCProfile(ICCID, { headers: { 'x-trace': 'call' }, timeout: 0 });
  assert.deepEqual(seen, ['call', 'base', 'hush-hush']);
});

test('a fetch of one’s own is used', async () => {
  const fetch: typeof globalThis.fetch = async (input) => Response.json({ iccid: String(input) });
  const { data } = await client('http://esim.example/api', { fetch }).getEUICCProfile(ICCID);
  assert.equal(data.iccid, `http://esim.example/api/euicc-profiles/${ICCID}`);
});

test('a configuration that cannot work says which member and why', async () => {
  assert.throws(() => new Configuration({ timeout: Number.NaN }), /timeout is a number of milliseconds/);
  assert.throws(() => new Configuration({ retries: 1.5 }), /retries is a whole number/);
  await assert.rejects(
    client('base-url').getEUICCProfile(ICCID),
    /baseURL \(or basePath\) must be a URL.*it is "base-url"/,
  );
});
