import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as sdk from './index.ts';

/** The error of a call whose answer has a status and a body. */
async function errorFor(status: number, body: object | string = 'text'): Promise<sdk.ApiError> {
  const fetch: typeof globalThis.fetch = async () =>
    new Response(typeof body === 'string' ? body : JSON.stringify(body), {
      status,
      headers: { 'x-request-id': 'r-1' },
    });
  const api = new sdk.ESIMRSPApi({ fetch, retries: 0 });
  return api.getStatus().then(
    () => assert.fail('it should have been refused'),
    (error: sdk.ApiError) => error,
  );
}

test('each kind of error has a class, which is an ApiError too', async () => {
  const kinds = {
    400: sdk.ValidationError,
    401: sdk.AuthenticationError,
    403: sdk.PermissionError,
    404: sdk.NotFoundError,
    405: sdk.ApiError,
    409: sdk.ConflictError,
    422: sdk.ValidationError,
    429: sdk.RateLimitError,
    500: sdk.ServerError,
    502: sdk.ServerError,
    503: sdk.ServerError,
  };
  for (const [status, kind] of Object.entries(kinds)) {
    const error = await errorFor(Number(status));
    assert.equal(error.constructor, kind, status);
    assert.equal(error.name, kind.name);
    assert.ok(error instanceof sdk.ApiError && error instanceof Error);
    assert.equal(error.code, `http_${status}`);
    assert.equal(error.requestId, 'r-1');
  }
});

test('a ValidationError names the members that are not valid', async () => {
  const errors = [{ field: '/parameters/ki', message: 'is missing' }];
  const body = { message: 'it is not valid', statusCode: 400, code: 'validation_failed', errors };
  const error = await errorFor(400, body);
  assert.ok(error instanceof sdk.ValidationError);
  assert.deepEqual(error.errors, errors);
  assert.deepEqual((await errorFor(404)).errors, []);
});

test('the code is a union: a word that is no code does not compile', async () => {
  const { code } = await errorFor(404, { message: 'none', code: 'profile_not_found' });
  assert.ok(code === 'profile_not_found');
  // @ts-expect-error: it is not a code
  assert.ok(code !== 'profle_not_found');
});

test('a time-out is a TimeoutError and a ConnectionError', async () => {
  const fetch: typeof globalThis.fetch = (_, init) =>
    new Promise((_resolve, reject) => {
      init?.signal?.addEventListener('abort', () => reject(init.signal?.reason));
    });
  const api = new sdk.ESIMRSPApi({ fetch, timeout: 20, retries: 0 });
  await assert.rejects(api.getStatus(), (error) => {
    assert.ok(error instanceof sdk.TimeoutError && error instanceof sdk.ConnectionError);
    assert.deepEqual([error.name, error.code], ['TimeoutError', 'timeout']);
    assert.match(
      error.message,
      /^No answer from http:\/\/127\.0\.0\.1:8080: nothing arrived within 20 ms\.$/,
    );
    return true;
  });
});

test('an answer has the request id and the Response of fetch, whose body can still be read', async () => {
  const sent = Response.json({ name: 'esim-rsp' }, { headers: { 'x-request-id': 'r-2' } });
  const result = await new sdk.ESIMRSPApi({ fetch: async () => sent }).getStatus();
  assert.equal(result.requestId, 'r-2');
  assert.equal(result.response, sent);
  assert.deepEqual(await result.response.json(), result.data);
  assert.deepEqual(structuredClone(result), { ...result }, 'an answer can be cloned, without the Response');
  assert.deepEqual(Object.keys(result), ['status', 'statusText', 'headers', 'data', 'requestId']);
});
