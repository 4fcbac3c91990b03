import assert from 'node:assert/strict';
import { type AddressInfo, connect } from 'node:net';
import { after, test } from 'node:test';
import { KEYS, LIST, ordered, restTest } from '../testing/rest.harness.ts';

const api = await restTest();
await api.app.listen({ port: 0, host: '127.0.0.1' });
const { port } = api.app.server.address() as AddressInfo;
after(() => api[Symbol.asyncDispose]());

const { iccid, matching_id } = await ordered(api);
const profile = `${LIST}/${iccid}`;
const key = ['x-user-id: anna', `x-api-key: ${KEYS.anna}`];

/** All octets of the answer to a request, but those of its Date. */
function answerTo(line: string, headers: readonly string[], body = ''): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const socket = connect(port, '127.0.0.1').setEncoding('latin1');
  let answer = '';
  socket.on('data', (piece) => {
    answer += piece;
  });
  socket.on('end', () => resolve(answer.replace(/\r\nDate: [^\r]*/, ''))).on('error', reject);
  const head = [`${line} HTTP/1.1`, 'host: a', 'x-request-id: r-1', 'connection: close', ...headers];
  socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  return promise;
}

/** What every answer begins with. */
const common = [
  'x-request-id: r-1',
  'cache-control: no-store, private',
  'x-content-type-options: nosniff',
  'access-control-allow-origin: *',
  'access-control-expose-headers: x-request-id, retry-after, content-disposition, idempotency-replayed, location',
];

function octets(status: string, headers: readonly string[], body = ''): string {
  return [`HTTP/1.1 ${status}`, ...common, ...headers, '', body].join('\r\n');
}

/** An answer has the `Connection` of the request. */
function answered(status: string, headers: readonly string[], body?: string): string {
  return octets(status, [...headers, 'Connection: close'], body);
}

function json(status: string, body: string, type = 'application/json; charset=utf-8'): string {
  return answered(status, [`content-type: ${type}`, `content-length: ${Buffer.byteLength(body)}`], body);
}

type Refusal = {
  readonly path?: string;
  readonly code: string;
  readonly detail: string;
  readonly headers?: readonly string[];
  readonly errors?: readonly object[];
};

function problem(status: number, title: string, refusal: Refusal): string {
  const { path = profile, code, detail, headers = [], errors } = refusal;
  const body = JSON.stringify({
    type: 'about:blank',
    title,
    status,
    detail,
    instance: path,
    message: detail,
    statusCode: status,
    code,
    request_id: 'r-1',
    errors,
  });
  const own = ['content-type: application/problem+json', `content-length: ${Buffer.byteLength(body)}`];
  return answered(`${status} ${title}`, [...headers, ...own], body);
}

const code = `LPA:1$rsp.example.com$${matching_id}`;
const inUrl = encodeURIComponent(code);
const links = `{"apple":"https://esimsetup.apple.com/esim_qrcode_provisioning?carddata=${inUrl}","android":"https://esimsetup.android.com/esim_qrcode_provisioning?carddata=${inUrl}","windows":"lpa:1$rsp.example.com$${matching_id}"}`;

test('the answer about a profile has the same octets, whatever else the request says', async () => {
  const { body } = await api.call(profile);
  assert.ok(body.includes(`"activation_code":"${code}"`) && body.includes(`"install_links":${links}`));
  const expected = json('200 OK', body);
  for (const headers of [
    [],
    ['accept: text/html', 'accept-encoding: gzip, br', 'origin: https://a.example'],
    ['if-none-match: *', 'if-modified-since: Sat, 29 Oct 1994 19:43:31 GMT', 'range: bytes=0-3'],
    ['cookie: __Host-esim_session=none; esim_session=none'],
    ['content-type: text/plain', 'content-length: 0'],
    ['traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'],
  ])
    assert.equal(await answerTo(`GET ${profile}`, [...key, ...headers]), expected, headers.join());
  for (const line of [`GET ${profile}/`, `GET ${profile}?`, `GET http://elsewhere.example${profile}`])
    assert.equal(await answerTo(line, key), expected, line);
  assert.equal(
    await answerTo(`GET ${profile}`, [...key, 'content-type: application/json', 'content-length: 2'], '{}'),
    expected,
  );
  assert.equal(await answerTo(`HEAD ${profile}`, key), expected.replace(body, ''));
});

test('a body is asked for before the answer, where a client waits for that', async () => {
  const { body } = await api.call(profile);
  const waits = [...key, 'expect: 100-continue', 'content-length: 2'];
  assert.equal(
    await answerTo(`GET ${profile}`, waits, '{}'),
    `HTTP/1.1 100 Continue\r\n\r\n${json('200 OK', body)}`,
  );
});

test('the answer with a QR code has exactly these octets', async () => {
  const png = (await api.call(`${profile}/qrcode`)).rawPayload.toString('latin1');
  const image = (type: string, content: string, headers: readonly string[] = []) =>
    answered('200 OK', [...headers, `content-type: ${type}`, `content-length: ${content.length}`], content);
  assert.equal(await answerTo(`GET ${profile}/qrcode`, key), image('image/png', png));
  assert.equal(await answerTo(`HEAD ${profile}/qrcode`, key), image('image/png', png).slice(0, -png.length));
  assert.equal(
    await answerTo(`GET ${profile}/qrcode?download=1`, key),
    image('image/png', png, [`content-disposition: attachment; filename="${iccid}.png"`]),
  );
  const svg = (await api.call(`${profile}/qrcode?format=svg`)).body;
  assert.equal(
    await answerTo(`GET ${profile}/qrcode`, [...key, 'accept: image/svg+xml']),
    image('image/svg+xml', svg),
  );
  const texts = `{"activation_code":"${code}","install_links":${links}}`;
  assert.equal(await answerTo(`GET ${profile}/qrcode?format=json`, key), json('200 OK', texts));
});

test('a browser that asks for permission gets exactly these octets', async () => {
  const answer = (methods: string) =>
    answered('204 No Content', [
      `access-control-allow-methods: ${methods}`,
      'access-control-allow-headers: content-type, x-user-id, x-api-key, x-request-id, idempotency-key, prefer, traceparent, tracestate',
      'access-control-max-age: 600',
    ]);
  const asks = ['origin: https://a.example', 'access-control-request-method: GET'];
  assert.equal(await answerTo(`OPTIONS ${profile}`, asks), answer('GET, HEAD, PATCH, DELETE, OPTIONS'));
  assert.equal(await answerTo(`OPTIONS ${profile}/qrcode`, asks), answer('GET, HEAD, OPTIONS'));
});

test('refusals have exactly these octets', async () => {
  const wrongKey = 'x-user-id and x-api-key do not belong together, or the key is not valid';
  const unknown = '8988303999999999999';
  const zstd = 'the body has the Content-Encoding zstd, which is not supported';
  for (const [line, headers, expected] of [
    [
      `GET ${LIST}/123`,
      key,
      problem(400, 'Bad Request', {
        path: `${LIST}/123`,
        code: 'invalid_iccid',
        detail: 'Invalid ICCID format: 19 or 20 decimal digits are expected',
        errors: [{ field: 'iccid', message: 'must be 19 or 20 digits' }],
      }),
    ],
    [
      `GET ${LIST}/${unknown}`,
      key,
      problem(404, 'Not Found', {
        path: `${LIST}/${unknown}`,
        code: 'profile_not_found',
        detail: `there is no eUICC profile with the ICCID ${unknown}`,
      }),
    ],
    [
      `GET ${profile}`,
      [],
      problem(401, 'Unauthorized', {
        code: 'unauthorized',
        detail: 'send both headers, x-user-id and x-api-key, or sign in',
      }),
    ],
    [
      `GET ${profile}`,
      ['x-user-id: anna', `x-api-key: ${KEYS.bert}`],
      problem(401, 'Unauthorized', { code: 'unauthorized', detail: wrongKey }),
    ],
    [
      `TRACE ${profile}`,
      key,
      problem(405, 'Method Not Allowed', {
        code: 'method_not_allowed',
        detail: `${profile} supports GET, HEAD, PATCH, DELETE`,
        headers: ['allow: GET, HEAD, PATCH, DELETE, OPTIONS'],
      }),
    ],
    [
      `GET ${profile}/qrcode?size=1`,
      key,
      problem(400, 'Bad Request', {
        path: `${profile}/qrcode`,
        code: 'validation_failed',
        detail: 'size must be >= 64',
        errors: [{ field: 'size', message: 'must be >= 64' }],
      }),
    ],
    [
      `GET ${profile}`,
      [...key, 'content-encoding: zstd'],
      problem(415, 'Unsupported Media Type', {
        code: 'unsupported_media_type',
        detail: `${zstd}: send the body as it is, or with one of gzip, deflate, br`,
        headers: ['accept-encoding: gzip, deflate, br'],
      }),
    ],
  ] as const)
    assert.equal(await answerTo(line, headers), expected, line);
});
