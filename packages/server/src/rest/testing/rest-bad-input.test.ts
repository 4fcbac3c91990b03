import assert from 'node:assert/strict';
import { type AddressInfo, connect } from 'node:net';
import { after, before, test } from 'node:test';
import { fromHex } from '@esim-rsp/codec';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { buildProfilePackage, completeParameters } from '@esim-rsp/sgp22/profile/build';
import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import fc from 'fast-check';
import type { HTTPMethods, InjectOptions } from 'fastify';
import { operations } from '../operations.ts';
import { KEYS, LIST, ordered, problemIn, restTest, stocked, subscription } from './rest.harness.ts';

const api = await restTest();
const iccid = await stocked(api);
const { iccid: taken } = await ordered(api, { confirmation_code: '1234' });
const runs = { numRuns: 150 };

let port = 0;
before(async () => {
  await api.app.listen({ port: 0, host: '127.0.0.1' });
  port = (api.app.server.address() as AddressInfo).port;
});
after(() => {
  api.app.server.closeAllConnections();
  return api[Symbol.asyncDispose]();
});

const headers = { 'x-user-id': 'anna', 'x-api-key': KEYS.anna };

/** Whatever is sent, the answer is a documented one, and no bug was logged. */
async function answered(options: InjectOptions): Promise<number> {
  const answer = await api.app.inject({ headers, ...options });
  if (answer.statusCode >= 400) problemIn(answer, answer.statusCode);
  assert.deepEqual(api.bugs, []);
  assert.ok(answer.statusCode < 500, answer.body);
  return answer.statusCode;
}

async function unchanged(work: () => Promise<void>): Promise<void> {
  const before = [await api.store.profile(parseIccid(iccid)), await api.store.profile(parseIccid(taken))];
  await work();
  const now = [await api.store.profile(parseIccid(iccid)), await api.store.profile(parseIccid(taken))];
  assert.deepEqual(now, before);
  assert.equal((await api.call('/healthz')).statusCode, 200);
}

const anyJson = fc.jsonValue({ maxDepth: 4 });
const text = fc.string({ unit: 'binary', maxLength: 80 });

/** A body that would be good, but for one member that has any value, is gone or came on top. */
function spoilt(good: Readonly<Record<string, unknown>>) {
  const names = fc.oneof(fc.constantFrom(...Object.keys(good)), fc.string({ maxLength: 12 }));
  const value = fc.oneof(anyJson, fc.constant(undefined), text);
  return fc.tuple(names, value).map(([name, other]) => ({ ...good, [name]: other }));
}

const parameters = () => ({
  ...subscription(),
  algorithm: 'milenage',
  pin1: '1234',
  pin2: '1234',
  puk1: '12345678',
  puk2: '12345678',
  adm1: '12345678',
  service_provider_name: 'Name',
  mnc_length: 2,
  msisdn: '+49',
  smsc: '+49',
});
const labels = { service_provider_name: 'a', profile_name: 'b', profile_class: 'test', profile_type: 'c' };

test('any JSON to any operation that takes a body is answered as documented', async () => {
  const urls = [LIST, `${LIST}/${taken}/order`];
  await unchanged(() =>
    fc.assert(
      fc.asyncProperty(fc.constantFrom(...urls), anyJson, async (url, body) => {
        const payload = JSON.stringify(body);
        const type = { 'content-type': 'application/json' };
        const status = await answered({ url, method: 'POST', payload, headers: { ...headers, ...type } });
        assert.ok([400, 409].includes(status));
      }),
      runs,
    ),
  );
});

test('parameters and labels with one member spoilt are refused, or stocked and shown', async () => {
  await unchanged(() =>
    fc.assert(
      fc.asyncProperty(spoilt(parameters()), spoilt(labels), fc.boolean(), async (inner, outer, both) => {
        const fresh = { ...inner, iccid: inner.iccid === undefined ? undefined : subscription().iccid };
        const body = { ...(both ? outer : labels), parameters: both ? parameters() : fresh };
        const answer = await api.post(LIST, body);
        assert.ok([201, 400, 409].includes(answer.statusCode), answer.body);
        assert.deepEqual(api.bugs, []);
        if (answer.statusCode !== 201) return;
        const shown = await api.call(String(answer.headers.location));
        assert.deepEqual(shown.json(), answer.json());
      }),
      runs,
    ),
  );
});

test('names in any script are refused, or come back as they went', async () => {
  const name = fc.oneof(text, fc.string({ unit: 'grapheme', maxLength: 32 }), fc.string({ maxLength: 32 }));
  await fc.assert(
    fc.asyncProperty(name, name, name, async (ofCard, service_provider_name, profile_name) => {
      const given = { ...subscription(), service_provider_name: ofCard };
      const answer = await api.post(LIST, { parameters: given, service_provider_name, profile_name });
      assert.ok([201, 400].includes(answer.statusCode), answer.body);
      assert.deepEqual(api.bugs, []);
      if (answer.statusCode !== 201) return;
      const shown = answer.json();
      assert.equal(shown.service_provider_name, service_provider_name.toWellFormed());
      assert.equal(shown.profile_name, profile_name.toWellFormed());
    }),
    runs,
  );
});

const upp = () => {
  const { iccid: digits, imsi, ki, opc } = subscription();
  const given = { iccid: parseIccid(digits), imsi, ki: fromHex(ki), opc: fromHex(opc) };
  return Buffer.from(buildProfilePackage(completeParameters(given, systemRandom)));
};

test('a profile package with octets changed, cut or doubled is refused or stocked, and never breaks anything', async () => {
  const original = upp();
  const place = fc.nat(original.length - 1);
  const change = fc.oneof(
    fc.tuple(place, fc.nat(255)).map(([at, octet]) => {
      const copy = Buffer.from(original);
      copy[at] = octet;
      return copy;
    }),
    place.map((at) => original.subarray(0, at)),
    place.map((at) => Buffer.concat([original.subarray(0, at), original.subarray(at + 1)])),
    fc.tuple(place, place).map(([a, b]) => Buffer.concat([original.subarray(0, a), original.subarray(b)])),
    fc.uint8Array({ maxLength: 200 }).map((octets) => Buffer.from(octets)),
  );
  await unchanged(() =>
    fc.assert(
      fc.asyncProperty(change, async (bytes) => {
        const payload = { profile_package: bytes.toString('base64') };
        const status = await answered({ url: LIST, method: 'POST', payload });
        assert.ok([201, 400, 409].includes(status));
      }),
      { numRuns: 600 },
    ),
  );
});

test('a package with a character that is not of base64 is refused, harmful ones too', async () => {
  const good = upp().toString('base64');
  const harmful = ['\u0000', '\u202e', '\ud800', '\u007f', '\u2028', 'é', '-'];
  await unchanged(async () => {
    for (const character of harmful)
      for (const at of [0, 40, good.length]) {
        const payload = { profile_package: good.slice(0, at) + character + good.slice(at) };
        assert.equal(await answered({ url: LIST, method: 'POST', payload }), 400);
      }
  });
});

test('an order with one member spoilt never orders anything twice, and never breaks anything', async () => {
  const good = {
    eid: '89049032000000000000000000000012',
    matching_id: 'SPOILT-1',
    confirmation_code: '1234',
    profile_reuse_policy: { reuse_type: 'NEVER', max_count: 1 },
    release: true,
  };
  await unchanged(() =>
    fc.assert(
      fc.asyncProperty(spoilt(good), async (body) => {
        const payload = JSON.parse(JSON.stringify(body));
        const status = await answered({ url: `${LIST}/${taken}/order`, method: 'POST', payload });
        assert.ok([400, 409].includes(status));
      }),
      runs,
    ),
  );
});

test('any query and any path are answered as documented', async () => {
  const part = fc.oneof(
    text.map((any) => encodeURIComponent(any.toWellFormed())),
    fc.string({ unit: fc.constantFrom(...'%/?&=#.0123456789abcZ;:@[]"\\'), maxLength: 40 }),
  );
  const start = fc.constantFrom(
    LIST,
    `${LIST}/`,
    `${LIST}/${taken}/qrcode?`,
    `${LIST}?state=`,
    `${LIST}?count=`,
    '/',
  );
  const sized = fc.constantFrom('size=', 'margin=', 'ecc=', 'format=', 'oid=', 'download=', '');
  await unchanged(() =>
    fc.assert(
      fc.asyncProperty(start, sized, part, async (path, option, rest) => {
        const url = `${path}${option}${rest}`.replace(/^\/\//, '/');
        fc.pre(URL.canParse(url, 'http://localhost')); // else it cannot be sent from here
        await answered({ url: new URL(url, 'http://localhost').pathname === '' ? '/' : url, method: 'GET' });
      }),
      { numRuns: 400 },
    ),
  );
});

test('every operation by every method, with a body of any kind, is answered as documented', async () => {
  const bodies = ['', '{', '{}', '[]', 'null', '\u0000\u0001', '"'.repeat(100), '['.repeat(20_000)];
  const types = ['application/json', 'text/plain', 'application/octet-stream', 'x', undefined];
  await unchanged(async () => {
    for (const { url } of operations)
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'] as HTTPMethods[])
        for (const payload of bodies)
          for (const type of types) {
            const theirs = { 'x-user-id': 'bert', 'x-api-key': KEYS.bert }; // some bodies are good: not for our profiles
            const typed = type === undefined ? theirs : { ...theirs, 'content-type': type };
            const answer = await api.app.inject({
              url: url.replace(':iccid', taken),
              method: method as 'GET',
              payload,
              headers: typed,
            });
            assert.ok(answer.statusCode < 500, `${method} ${url} ${type}: ${answer.body}`);
          }
    assert.deepEqual(api.bugs, []);
  });
});

/** What a socket that sends these octets reads until the server closes, or until nothing comes for so many milliseconds. */
async function said(octets: string, { finish = false, silence = 300 } = {}): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let heard = '';
  socket.setTimeout(silence, () => socket.destroy());
  socket.on('data', (chunk) => {
    heard += chunk;
  });
  socket.on('error', () => undefined);
  socket.write(octets, 'latin1');
  if (finish) socket.end();
  await new Promise((resolve) => socket.on('close', resolve));
  return heard;
}

const key = `x-user-id: anna\r\nx-api-key: ${KEYS.anna}\r\n`;
const head = `POST ${LIST}/${iccid}/order HTTP/1.1\r\nhost: a\r\n${key}content-type: application/json\r\n`;

test('a request that breaks off anywhere orders nothing, and the server goes on', async () => {
  const whole = `${head}content-length: 2\r\n\r\n{}`;
  await unchanged(async () => {
    const cuts = Array.from({ length: 12 }, (_, i) => Math.floor((i * (whole.length - 1)) / 11));
    const answers = await Promise.all(
      [...cuts, whole.length - 1].map((at) => said(whole.slice(0, at), { finish: true })),
    );
    for (const answer of answers) assert.doesNotMatch(answer, /^HTTP\/1\.1 [25]/);
  });
});

const unreadable: Readonly<Record<string, string>> = {
  'no HTTP': '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
  'two lengths': `${head}content-length: 2\r\ncontent-length: 3\r\n\r\n{}`,
  'a length and chunks': `${head}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`,
  'a negative length': `${head}content-length: -2\r\n\r\n{}`,
  'bad chunks': `${head}transfer-encoding: chunked\r\n\r\nZZ\r\n{}\r\n`,
  'an unknown method': 'BREW /healthz HTTP/1.1\r\nhost: a\r\n\r\n',
  'an unknown version': 'GET /healthz HTTP/9.9\r\nhost: a\r\n\r\n',
  'a header that is too long': `GET /healthz HTTP/1.1\r\n${'x'.repeat(20_000)}`,
};
for (const [what, octets] of Object.entries(unreadable))
  test(`${what} at the socket is refused in the API's own words, and the server goes on`, async () => {
    await unchanged(async () => {
      const [status, ...rest] = (await said(octets, { silence: 60_000 })).split('\r\n');
      assert.match(status ?? '', /^HTTP\/1\.1 4\d\d /);
      const { type, title, detail, message, code, request_id, ...numbers } = JSON.parse(rest.at(-1) ?? '');
      for (const reported of [type, title, detail, code])
        assert.ok(typeof reported === 'string' && reported !== '');
      assert.deepEqual([message, numbers.statusCode], [detail, numbers.status]);
      assert.ok(status?.includes(`${numbers.status} ${title}`));
      assert.ok(rest.includes(`X-Request-Id: ${request_id}`));
    });
    assert.deepEqual(api.bugs, []);
  });

for (const [what, octets] of Object.entries({
  'a header without an end': `GET /healthz HTTP/1.1\r\n${'x'.repeat(1_000_000)}`,
  'too many headers': `GET /healthz HTTP/1.1\r\nhost: a\r\n${'x: y\r\n'.repeat(50_000)}\r\n`,
  'an endless path': `GET /${'a'.repeat(1_000_000)} HTTP/1.1\r\nhost: a\r\n\r\n`,
  'no host': 'GET /healthz HTTP/1.1\r\n\r\n',
}))
  test(`${what} is refused or cut off, and the server goes on`, async () => {
    await unchanged(async () => assert.match(await said(octets), /^$|^HTTP\/1\.1 4\d\d /));
    assert.deepEqual(api.bugs, []);
  });

test('an update with a member of the wrong kind is refused by the name of the member, where null is allowed too', async () => {
  const { iccid } = await ordered(api);
  const wrong = {
    expires_at: ['soon', 1_900_000_000],
    confirmation_code: ['', 1234],
    download_attempts: [0, null],
  };
  for (const [name, values] of Object.entries(wrong))
    for (const value of values) {
      const answer = await api.call(`${LIST}/${iccid}`, { method: 'PATCH', payload: { [name]: value } });
      const { errors } = problemIn(answer, 400, 'validation_failed');
      assert.deepEqual(
        errors?.map(({ field }) => field),
        [name],
        JSON.stringify(value),
      );
    }
  const payload = { expires_at: null, confirmation_code: null };
  assert.equal((await api.call(`${LIST}/${iccid}`, { method: 'PATCH', payload })).statusCode, 200);
});
