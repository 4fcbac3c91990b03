import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { brotliCompressSync, constants, deflateSync, gzipSync } from 'node:zlib';
import { KEYS, LIST, ordered, problemIn, restTest, stocked, subscription } from './rest.harness.ts';

const api = await restTest();
await api.app.listen({ port: 0, host: '127.0.0.1' });
const { port } = api.app.server.address() as AddressInfo;
after(() => api[Symbol.asyncDispose]());

const key = `x-user-id: anna\r\nx-api-key: ${KEYS.anna}\r\n`;
const iccid = await stocked(api);

/** A connection over which a test writes, and what the server has answered so far. */
async function connection() {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  const state = { heard: '', closed: false };
  socket.on('data', (piece) => {
    state.heard += piece;
  });
  socket
    .on('error', () => undefined)
    .on('close', () => {
      state.closed = true;
    });
  const until = async (isEnough: () => boolean) => {
    for (let tries = 0; tries < 6000 && !isEnough(); tries++) await sleep(10);
    return state.heard;
  };
  return {
    socket,
    state,
    hears: (text: RegExp) => until(() => text.test(state.heard)),
    closes: () => until(() => state.closed),
  };
}

async function said(octets: string): Promise<string> {
  const { socket, closes } = await connection();
  socket.write(octets.replace('\r\n\r\n', '\r\nconnection: close\r\n\r\n'), 'latin1');
  return closes();
}

test('HEAD has the status and headers of GET, and no body', async () => {
  const { iccid } = await ordered(api);
  const paths = [
    LIST,
    `${LIST}/${iccid}`,
    `${LIST}/${iccid}/qrcode`,
    '/api/v1/esim/events',
    '/healthz',
    '/docs',
    '/',
  ];
  for (const path of paths) {
    const [get, head] = [await api.call(path), await api.call(path, { method: 'HEAD' })];
    assert.deepEqual([head.statusCode, head.body], [get.statusCode, ''], path);
    for (const name of ['content-type', 'content-length', 'location'])
      assert.equal(head.headers[name], get.headers[name], `${name} of ${path}`);
  }
  assert.equal((await api.call(LIST, { by: null, method: 'HEAD' })).statusCode, 401);
  assert.equal((await api.call(`${LIST}/8988303999999999999`, { method: 'HEAD' })).statusCode, 404);
  const stream = await said(
    `HEAD /api/v1/esim/events HTTP/1.1\r\nhost: a\r\naccept: text/event-stream\r\n${key}\r\n`,
  );
  assert.match(stream, /^HTTP\/1\.1 200 OK\r\n[\s\S]*content-type: text\/event-stream[\s\S]*\r\n\r\n$/);
});

test('a slash at the end of a path changes nothing', async () => {
  for (const path of [LIST, `${LIST}/${iccid}`, '/healthz', '/docs'])
    assert.equal((await api.call(`${path}/`)).body, (await api.call(path)).body);
  const answer = await api.post(`${LIST}/${iccid}/order/`, {});
  assert.equal(answer.statusCode, 200);
  problemIn(await api.call(`${LIST}/`, { method: 'DELETE' }), 405);
});

test('a target in absolute form is the same as one in origin form', async () => {
  for (const target of [
    'http://rsp.example.com/healthz',
    'HTTPS://a:8443/healthz',
    'http://a/healthz?',
    'http://a/healthz/',
  ])
    assert.match(await said(`GET ${target} HTTP/1.1\r\nhost: a\r\n\r\n`), /^HTTP\/1\.1 200/, target);
  assert.match(await said(`GET http://a/healthz HTTP/1.1\r\nhost: a\r\n\r\n`), /^HTTP\/1\.1 200/);
  assert.match(await said('GET http://a HTTP/1.1\r\nhost: a\r\n\r\n'), /^HTTP\/1\.1 302/);
  assert.match(
    await said(`GET http://a${LIST}?count=1 HTTP/1.1\r\nhost: a\r\n${key}\r\n`),
    /^HTTP\/1\.1 200/,
  );
  assert.match(await said('GET http://a/nowhere HTTP/1.1\r\nhost: a\r\n\r\n'), /^HTTP\/1\.1 404/);
});

test('browsers get from / to the documentation, and an icon', async () => {
  const start = await api.call('/', { by: null });
  assert.deepEqual([start.statusCode, start.headers.location], [302, '/docs']);
  const icon = await api.call('/favicon.ico', { by: null });
  assert.deepEqual([icon.statusCode, icon.headers['content-type']], [200, 'image/svg+xml']);
  assert.match(icon.body, /^<svg /);
});

test('a body of nothing may have any Content-Type where none is needed', async () => {
  for (const type of [
    'text/plain',
    'application/xml',
    'application/x-www-form-urlencoded',
    'x',
    'application/json',
    undefined,
  ]) {
    const { iccid } = await ordered(api);
    const header = type === undefined ? '' : `content-type: ${type}\r\n`;
    const answer = await said(
      `POST ${LIST}/${iccid}/retire HTTP/1.1\r\nhost: a\r\n${key}${header}content-length: 0\r\n\r\n`,
    );
    assert.match(answer, /^HTTP\/1\.1 (200|409)/, String(type));
    if (type === 'x') continue; // not a media type, and not known to be empty
    const chunked = 'transfer-encoding: chunked\r\n\r\n0\r\n\r\n';
    const other = await said(`POST ${LIST}/${iccid}/retire HTTP/1.1\r\nhost: a\r\n${key}${header}${chunked}`);
    assert.match(other, /^HTTP\/1\.1 (200|409)/, String(type));
  }
});

/** The fastest setting of each: what is unpacked is the same. */
const gzip = (body: Buffer) => gzipSync(body, { level: 1 });
const deflate = (body: Buffer) => deflateSync(body, { level: 1 });
const brotli = (body: Buffer) =>
  brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } });
const codings = { gzip, 'x-gzip': gzip, deflate, br: brotli } as const;
const tooLong = Buffer.alloc(100_000_000, 'x').fill('"', 0, 1).fill('"', 99_999_999);
for (const [coding, compress] of Object.entries(codings))
  test(`a body with the Content-Encoding ${coding} is unpacked, and no more of it than the operation takes`, async () => {
    const headers = { 'content-type': 'application/json', 'content-encoding': coding };
    const send = (body: Buffer) => api.call(LIST, { method: 'POST', headers, payload: compress(body) });
    assert.equal((await send(Buffer.from(JSON.stringify({ parameters: subscription() })))).statusCode, 201);
    problemIn(await send(tooLong), 413, 'payload_too_large');
    const broken = await api.call(LIST, {
      method: 'POST',
      headers,
      payload: Buffer.from('{"parameters":{}}'),
    });
    assert.match(problemIn(broken, 400).detail, new RegExp(`not ${coding}, as Content-Encoding says`));
    const csv = `iccid,imsi,ki,opc\n${Object.values(subscription()).join()}\n`;
    const imported = await api.call(`${LIST}/import`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'text/csv' },
      payload: compress(Buffer.from(csv)),
    });
    assert.match(imported.body, /"type":"summary".*"created":1/);
  });

test('a Content-Encoding that the server does not know is 415, and the answer says which it knows', async () => {
  for (const coding of ['zstd', 'gzip, br', 'constructor']) {
    const headers = { 'content-type': 'application/json', 'content-encoding': coding };
    const answer = await api.call(LIST, { method: 'POST', headers, payload: '{}' });
    const { detail } = problemIn(answer, 415, 'unsupported_media_type');
    assert.ok(detail.includes(`Content-Encoding ${coding}`));
    assert.equal(answer.headers['accept-encoding'], 'gzip, deflate, br');
  }
  const headers = { 'content-type': 'application/json', 'content-encoding': 'identity' };
  problemIn(await api.call(LIST, { method: 'POST', headers, payload: '{}' }), 400);
});

test('JSON may begin with a byte order mark', async () => {
  const payload = `\ufeff${JSON.stringify({ parameters: subscription() })}`;
  const headers = { 'content-type': 'application/json' };
  assert.equal((await api.call(LIST, { method: 'POST', payload, headers })).statusCode, 201);
});

const head = (length: number, more = key) =>
  `POST ${LIST} HTTP/1.1\r\nhost: a\r\n${more}content-type: application/json\r\ncontent-length: ${length}\r\n`;

test('the body is asked for after the caller and its length were checked, and other expectations are 417', async () => {
  const { socket, hears } = await connection();
  const body = JSON.stringify({ parameters: subscription() });
  socket.write(`${head(body.length)}expect: 100-continue\r\n\r\n`);
  assert.equal(await hears(/\r\n\r\n/), 'HTTP/1.1 100 Continue\r\n\r\n');
  socket.write(body);
  assert.match(await hears(/ 201 /), / 201 Created/);
  socket.destroy();
  for (const [status, request] of [
    [413, head(50_000_000)],
    [401, head(10, '')],
  ] as const) {
    const refused = await connection();
    refused.socket.write(`${request}expect: 100-continue\r\n\r\n`);
    const answer = await refused.closes();
    assert.match(answer, new RegExp(`^HTTP/1.1 ${status} `));
    assert.match(answer, /connection: close/i);
    refused.socket.destroy();
  }
  const unknown = await said(`${head(2)}expect: a-miracle\r\n\r\n{}`);
  assert.match(unknown, /^HTTP\/1\.1 417 Expectation Failed[\s\S]*"code":"bad_request"/);
});

const importHead = `POST ${LIST}/import HTTP/1.1\r\nhost: a\r\n${key}content-type: text/csv\r\n`;
const early: Readonly<Record<string, readonly [status: number, head: string, length: number]>> = {
  'an import that is refused at its first line': [400, importHead, 4_000_000],
  'a body that is too large': [
    413,
    `${head(4_000_000)
      .replace(/content-length.*/, '')
      .trimEnd()}\r\n`,
    4_000_000,
  ],
  'a body with no key': [
    401,
    `${head(0, '')
      .replace(/content-length.*/, '')
      .trimEnd()}\r\n`,
    4_000_000,
  ],
};
for (const [what, [status, request, length]] of Object.entries(early))
  test(`${what} is answered while it is sent, and the next request on the connection works`, async () => {
    const { socket, hears } = await connection();
    socket.write(`${request}content-length: ${length}\r\n\r\niccid,imsi,ki,SOMETHING\n`);
    let sent = 'iccid,imsi,ki,SOMETHING\n'.length;
    for (; sent + 100_000 <= length; sent += 100_000) socket.write('x'.repeat(100_000));
    socket.write('x'.repeat(length - sent));
    socket.write('GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n');
    const heard = await hears(/ 200 OK/);
    assert.match(heard, new RegExp(`^HTTP/1.1 ${status} [\\s\\S]*HTTP/1.1 200 OK`));
    socket.destroy();
  });

test('a refusal says whether the connection ends: a caller that wants it to end hears so, and another keeps it', async () => {
  const refusals: readonly [status: number, request: string][] = [
    [401, 'GET /api/v1/esim/euicc-profiles HTTP/1.1\r\nhost: a\r\n'],
    [404, 'GET /nothing HTTP/1.1\r\nhost: a\r\n'],
    [405, `PUT ${LIST} HTTP/1.1\r\nhost: a\r\n${key}content-length: 0\r\n`],
    [415, `${head(0).replace('json', 'xml')}content-encoding: zstd\r\n`],
    [413, head(4_000_000)],
  ];
  for (const [status, request] of refusals) {
    const last = await connection();
    last.socket.write(`${request}connection: close\r\n\r\n`);
    const answer = await last.closes();
    assert.match(answer, new RegExp(`^HTTP/1.1 ${status} [\\s\\S]*\r\nconnection: close\r\n`, 'i'));
    const kept = await connection();
    kept.socket.write(`${request}\r\n`);
    const first = await kept.hears(/\r\n\r\n\{.*\}$/);
    assert.match(first, new RegExp(`^HTTP/1.1 ${status} [\\s\\S]*\r\nconnection: keep-alive\r\n`, 'i'));
    assert.equal(kept.state.closed, false);
    kept.socket.destroy();
  }
});

test('who goes on sending after a refusal loses the connection', async () => {
  const { socket, state, hears, closes } = await connection();
  socket.write(`${head(500_000_000)}\r\n`);
  await hears(/ 413 /);
  const piece = Buffer.alloc(1_000_000);
  for (let sent = 0; sent < 60 && !state.closed; sent++) {
    socket.write(piece);
    await sleep(10);
  }
  await closes();
  assert.match(state.heard, /^HTTP\/1\.1 413 /);
  assert.ok(state.closed);
});
