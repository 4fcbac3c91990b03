import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { DOCUMENTS } from '../openapi/documents.ts';
import { documentedAnswers } from '../openapi/openapi.ts';
import { operations } from '../operations.ts';
import {
  KEYS,
  LIST,
  ordered,
  problemIn,
  restTest,
  SMDP_ADDRESS,
  stocked,
  subscription,
} from './rest.harness.ts';

const api = await restTest();
after(() => api[Symbol.asyncDispose]());
const iccid = await stocked(api);

/** Each operation that needs a key, as a path that would be answered with one. */
const guarded = operations
  .filter(({ open }) => !open)
  .map(({ method, url, operationId }) => ({ method, operationId, url: url.replace(':iccid', iccid) }));

const strangers: Readonly<Record<string, Record<string, string | string[]>>> = {
  'no headers': {},
  'x-user-id alone': { 'x-user-id': 'anna' },
  'x-api-key alone': { 'x-api-key': KEYS.anna },
  'an empty x-user-id': { 'x-user-id': '', 'x-api-key': KEYS.anna },
  'an empty x-api-key': { 'x-user-id': 'anna', 'x-api-key': '' },
  'a wrong key': { 'x-user-id': 'anna', 'x-api-key': 'key-of-nobody' },
  'a key with one sign more': { 'x-user-id': 'anna', 'x-api-key': `${KEYS.anna}x` },
  'an unknown user': { 'x-user-id': 'nobody', 'x-api-key': KEYS.anna },
  'the user in other case': { 'x-user-id': 'ANNA', 'x-api-key': KEYS.anna },
  'somebody else’s key': { 'x-user-id': 'anna', 'x-api-key': KEYS.bert },
  'both keys': { 'x-user-id': 'anna', 'x-api-key': [KEYS.anna, KEYS.bert] },
  'a bearer token': { authorization: `Bearer ${KEYS.anna}` },
  'a key of a megabyte': { 'x-user-id': 'anna', 'x-api-key': 'k'.repeat(1_000_000) },
  'a name from JavaScript': { 'x-user-id': '__proto__', 'x-api-key': KEYS.anna },
};
for (const [what, headers] of Object.entries(strangers))
  test(`${what}: 401 at every operation that needs a key`, async () => {
    for (const { method, url } of guarded) {
      const answer = await api.call(url, { by: null, method, headers, payload: {} });
      const { message } = problemIn(answer, 401, 'unauthorized');
      assert.ok(!message.includes(KEYS.anna));
    }
  });

test('401 comes before any other fault, so that strangers learn nothing', async () => {
  for (const url of [`${LIST}/123`, `${LIST}/${iccid}/qrcode?size=1`, `${LIST}?count=0`])
    problemIn(await api.call(url, { by: null }), 401, 'unauthorized');
  const headers = { 'content-type': 'application/json' };
  problemIn(await api.call(LIST, { by: null, method: 'POST', payload: '{', headers }), 401);
});

test('X-Request-Id comes back when it is sane, and is generated when it is not', async () => {
  for (const id of ['a', 'req-1.2:3/4+5=_', 'x'.repeat(128)])
    for (const url of [`${LIST}/${iccid}`, '/nowhere', '/healthz'])
      assert.equal((await api.call(url, { headers: { 'x-request-id': id } })).headers['x-request-id'], id);
  for (const id of ['', ' ', 'a b', 'x'.repeat(129), '<script>', 'ü', 'a,b', '"']) {
    const drawn = problemIn(await api.call('/nowhere', { headers: { 'x-request-id': id } }), 404).request_id;
    assert.match(drawn, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  }
  const ids = await Promise.all([1, 2].map(async () => (await api.call('/healthz')).headers['x-request-id']));
  assert.notEqual(ids[0], ids[1]);
});

test('an unknown path is 404 by every method', async () => {
  for (const url of ['/api', '/api/v1/esim', `${LIST}/${iccid}/qr`, `${LIST}//`, '/__proto__', '/healthz/x'])
    for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS'] as const) {
      const answer = await api.call(url, { method });
      assert.equal(problemIn(answer, 404, 'no_such_path').instance, url);
      assert.equal(answer.headers.allow, undefined);
    }
});

test('a page of the documentation that does not exist is 404', async () => {
  for (const url of ['/docs/guide/nothing', '/docs/nothing'])
    for (const method of ['GET', 'HEAD'] as const)
      assert.equal((await api.call(url, { method })).statusCode, 404);
});

const known = [
  ...operations.map(({ url, method }) => ({ url, methods: method === 'GET' ? ['GET', 'HEAD'] : [method] })),
  ...['/', ...DOCUMENTS].map((url) => ({ url, methods: ['GET', 'HEAD'] })),
];
for (const { url } of known)
  test(`${url} by a method that it has not is 405 with Allow; a browser may ask by OPTIONS`, async () => {
    const leadsThere = (one: string) => new RegExp(`^${one.replace(/:\w+/g, '[^/]+')}$`).test(url);
    const methods = known.filter((one) => leadsThere(one.url)).flatMap(({ methods }) => methods);
    const path = url.replace(':iccid', iccid);
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const) {
      if (methods.includes(method)) continue;
      const answer = await api.call(path, { method });
      problemIn(answer, 405, 'method_not_allowed');
      assert.deepEqual(String(answer.headers.allow).split(', '), [...methods, 'OPTIONS']);
    }
    const head = await api.call(path, { method: 'HEAD' });
    assert.equal(head.statusCode === 405, !methods.includes('GET'), String(head.statusCode));
    assert.equal(head.body, '');
    const leave = await api.call(path, {
      method: 'OPTIONS',
      by: null,
      headers: { origin: 'https://a.example' },
    });
    assert.deepEqual([leave.statusCode, leave.body], [204, '']);
    assert.equal(leave.headers['access-control-allow-origin'], '*');
    assert.deepEqual(String(leave.headers['access-control-allow-methods']).split(', '), [
      ...methods,
      'OPTIONS',
    ]);
    for (const header of ['x-user-id', 'x-api-key', 'content-type'])
      assert.ok(String(leave.headers['access-control-allow-headers']).includes(header));
  });

const posts = [LIST, `${LIST}/${iccid}/order`];
const raw = (url: string, payload: string | Buffer, type?: string) =>
  api.call(url, { method: 'POST', payload, headers: type === undefined ? {} : { 'content-type': type } });

test('a body that is no JSON is 400, and one of another kind 415', async () => {
  for (const url of posts) {
    for (const text of ['{', '', '{"a":}', "{'a':1}", '\u0000', '{"__proto__":{}}', 'undefined', '\ufeff'])
      problemIn(await raw(url, text, 'application/json'), 400);
    for (const text of ['null', '[]', '"text"', '1', 'true'])
      problemIn(await raw(url, text, 'application/json; charset=utf-8'), 400, 'validation_failed');
    for (const type of [
      'text/plain',
      'application/xml',
      'application/x-www-form-urlencoded',
      'nonsense',
      '*/*',
    ])
      problemIn(await raw(url, '{}', type), 415, 'unsupported_media_type');
    problemIn(await raw(url, '{}'), 415, 'unsupported_media_type');
    problemIn(await api.call(url, { method: 'POST' }), 400, 'validation_failed');
  }
});

test('a body that is too large is 413, and one that just fits is read', async () => {
  const text = (bytes: number) => `{"x":"${'y'.repeat(bytes - 8)}"}`;
  const limits = [1_500_000, 65_536];
  for (const [i, url] of posts.entries()) {
    const limit = limits[i] ?? 0;
    problemIn(await raw(url, text(limit), 'application/json'), 400, 'validation_failed');
    problemIn(await raw(url, text(limit + 1), 'application/json'), 413, 'payload_too_large');
  }
});

test('a bug is 500 with the request id, and its details go to the log only', async () => {
  const { profileView } = api.store;
  Object.assign(api.store, { profileView: async () => Promise.reject(new Error('secret detail')) });
  const answer = await api.call(`${LIST}/${iccid}`);
  Object.assign(api.store, { profileView });
  const { message, request_id } = problemIn(answer, 500, 'internal_error');
  assert.ok(message.includes(request_id) && !answer.body.includes('secret detail'));
  assert.match(api.bugs.splice(0).join(), /secret detail/);
});

test('health, readiness and status need no key', async () => {
  const health = await api.call('/healthz', { by: null });
  assert.deepEqual([health.statusCode, health.json()], [200, { status: 'ok' }]);
  const ready = await api.call('/readyz', { by: null });
  assert.deepEqual([ready.statusCode, ready.json()], [200, { status: 'ready' }]);
  const status = await api.call('/api/v1/status', { by: null });
  const { sgp22_version, ...others } = status.json();
  assert.match(sgp22_version, /^2\.\d+\.\d+$/);
  assert.deepEqual(others, {
    name: 'esim-rsp',
    version: '9.9.9',
    status: 'ok',
    smdp_address: SMDP_ADDRESS,
    log_lines_dropped: 7,
    certificates: [],
    unreadable_rows: 0,
  });
});

test('a server that cannot serve says why at /readyz, and its process answers at /healthz', async () => {
  api.unready = ['the database cannot be written (disk full)', 'no dp-tls certificate is valid now'];
  const answer = await api.call('/readyz', { by: null });
  assert.equal(problemIn(answer, 503, 'not_ready').detail, api.unready.join('; '));
  assert.equal(answer.headers['retry-after'], '1');
  assert.equal((await api.call('/healthz', { by: null })).statusCode, 200);
  api.unready = [];
});

type Json = { readonly [name: string]: Json } & { readonly $ref?: string };

test('every $ref of the OpenAPI document leads somewhere in it', async () => {
  const answer = await api.call('/openapi.json', { by: null });
  assert.equal(answer.statusCode, 200);
  const document: Json = answer.json();
  const refs = [...answer.body.matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref = '']) => ref);
  assert.ok(refs.length > 5);
  for (const ref of refs) {
    const [root, ...path] = ref.split('/');
    assert.equal(root, '#');
    assert.ok(
      path.reduce<Json | undefined>((at, name) => at?.[name], document),
      ref,
    );
  }
  assert.ok(!answer.body.includes('"$id"'));
});

test('the OpenAPI document has every operation with its answers, parameters and keys', async () => {
  const document = (await api.call('/openapi.json', { by: null })).json();
  assert.match(document.openapi, /^3\.1\./);
  const ids = new Set<string>();
  for (const operation of operations) {
    const { method, url, operationId, open, body, bodyTypes } = operation;
    const path = document.paths[url.replace(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()];
    assert.equal(path?.operationId, operationId);
    ids.add(operationId);
    const documented = Object.keys(path.responses);
    const expected = Object.keys(documentedAnswers(operation));
    assert.deepEqual(documented.toSorted(), expected.toSorted());
    assert.deepEqual(path.security, open ? [] : [{ ApiUserId: [], ApiKeyAuth: [] }, { SessionCookie: [] }]);
    for (const status of documented)
      if (Number(status) >= 400)
        assert.ok(path.responses[status].content['application/problem+json'].schema.$ref);
    assert.equal('requestBody' in path, body !== undefined || bodyTypes !== undefined);
    const inPath = path.parameters
      .filter((one: Json) => String(one.in) === 'path')
      .map((one: Json) => one.name);
    const named = [...url.matchAll(/:(\w+)/g)].map(([, name]) => name);
    assert.deepEqual(inPath, named);
  }
  assert.equal(ids.size, operations.length);
  const count = Object.values<object>(document.paths).flatMap((path) => Object.keys(path)).length;
  assert.equal(count, operations.length, 'and no other');
  const seed = document.paths['/api/v1/esim/euicc-profiles/{iccid}'].get;
  for (const status of ['200', '400', '401', '404', '500']) assert.ok(seed.responses[status], status);
});

test('nobody on the way may keep an answer that can carry an activation code', async () => {
  const { iccid: released } = await ordered(api);
  const answers = [
    await api.call(LIST),
    await api.call(`${LIST}/${released}`),
    await api.call(`${LIST}/${released}/qrcode`),
    await api.post(LIST, { parameters: subscription() }),
    await api.post(`${LIST}/${await stocked(api)}/order`, {}),
    await api.call(`${LIST}/8900000000000000000`),
    await api.call('/%zz'),
  ];
  assert.deepEqual(
    answers.map(({ statusCode }) => statusCode),
    [200, 200, 200, 201, 200, 404, 400],
  );
  for (const { headers } of answers) {
    assert.equal(headers['cache-control'], 'no-store, private');
    assert.equal(headers['x-content-type-options'], 'nosniff');
  }
});

test('what is answered to a good call is what was stocked: nothing above broke the server', async () => {
  assert.equal((await api.post(LIST, { parameters: subscription() })).statusCode, 201);
  assert.deepEqual(api.bugs, []);
});
