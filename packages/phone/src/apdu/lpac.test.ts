import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { toHex } from '@esim-rsp/codec';
import fc from 'fast-check';
import type { Outgoing } from '../transport.ts';
import { linesOf } from './lines.ts';
import { type Answering, answerLine } from './lpac.ts';

const asked: Outgoing[] = [];

/** A terminal with one channel, and a server that says "ok". */
const answering: Answering = {
  terminal: {
    connect: async () => undefined,
    disconnect: async () => undefined,
    openChannel: async (aid) => (toHex(aid) === 'a0' ? 1 : undefined),
    closeChannel: async (number) => number === 1,
    transmit: async (apdu) => Uint8Array.of(apdu.length, 0x90, 0x00),
  },
  http: async (message) => {
    asked.push(message);
    return message.url.pathname === '/gone' ? undefined : { status: 200, octets: Buffer.from('ok') };
  },
};

const payloadOf = async (type: string, payload: unknown) => {
  const text = (await answerLine(JSON.stringify({ type, payload }), answering)) ?? assert.fail();
  const answer = JSON.parse(text);
  assert.equal(answer.type, type);
  return answer.payload;
};

test('requests to the card are answered as lpac expects', async () => {
  const apdu = (func: unknown, param: unknown = null) => payloadOf('apdu', { func, param });
  assert.deepEqual(await apdu('connect'), { ecode: 0 });
  assert.deepEqual(await apdu('logic_channel_open', 'A0'), { ecode: 1 });
  assert.deepEqual(await apdu('logic_channel_open', 'a1'), { ecode: -1 });
  assert.deepEqual(await apdu('logic_channel_open', 'a0'.repeat(17)), { ecode: -1 });
  assert.deepEqual(await apdu('transmit', '81e2910003bf2e00'), { ecode: 0, data: '089000' });
  assert.deepEqual(await apdu('logic_channel_close', '01'), { ecode: 0 });
  assert.deepEqual(await apdu('disconnect'), { ecode: 0 });
  for (const func of ['transmit', 'logic_channel_open', 'logic_channel_close'])
    for (const param of [null, 'x', '0', 7, ['00'], {}])
      assert.deepEqual(await apdu(func, param), { ecode: -1 }, `${func} ${param}`);
  assert.deepEqual(await apdu('logic_channel_close', ''), { ecode: -1 });
  assert.deepEqual(await apdu('reboot', '00'), { ecode: -1 });
  for (const payload of [null, 7, 'connect', []])
    assert.deepEqual(await payloadOf('apdu', payload), { ecode: -1 });
});

test('a message to a server goes out with the headers that an LPA may set, over HTTPS only', async () => {
  const headers = [
    'User-Agent: gsma-rsp-lpad',
    'X-Admin-Protocol: gsma/rsp/v2.2.2',
    'Content-Type:application/json',
    'Host: elsewhere',
    'Content-Length: 7',
    'Accept: \u0007',
    7,
  ];
  const post = (url: unknown, tx: unknown = '7b7d') => payloadOf('http', { url, tx, headers });
  assert.deepEqual(await post('https://localhost:8443/gsma/rsp2'), { rcode: 200, rx: '6f6b' });
  assert.deepEqual(asked.at(-1)?.headers, {
    'user-agent': 'gsma-rsp-lpad',
    'x-admin-protocol': 'gsma/rsp/v2.2.2',
    'content-type': 'application/json',
  });
  assert.equal(toHex(asked.at(-1)?.octets ?? new Uint8Array()), '7b7d');
  const none = { rcode: 0, rx: '' };
  assert.deepEqual(await post('https://localhost/gone'), none);
  const before = asked.length;
  for (const url of ['http://localhost/', 'file:///etc/passwd', 'nonsense', null, 7])
    assert.deepEqual(await post(url), none);
  assert.deepEqual(await post('https://localhost/', 'odd'), none);
  assert.equal(asked.length, before, 'nobody was asked');
});

test('other lines ask for nothing', async () => {
  for (const line of [
    '',
    'Hello',
    '7',
    'null',
    '[]',
    '{}',
    '{"type":"lpa","payload":{"code":0}}',
    '{"type":7}',
  ])
    assert.equal(await answerLine(line, answering), undefined, line);
});

test('any JSON value is answered by one line or not at all', async () => {
  const payload = fc.record(
    { func: fc.constantFrom('connect', 'transmit', 'logic_channel_open', 1), param: fc.anything() },
    { requiredKeys: [] },
  );
  const line = fc.record({
    type: fc.constantFrom('apdu', 'http', 'lpa'),
    payload: fc.oneof(payload, fc.jsonValue()),
  });
  await fc.assert(
    fc.asyncProperty(fc.oneof(line, fc.jsonValue()), async (value) => {
      const text = (() => {
        try {
          return JSON.stringify(value);
        } catch {
          return '{}';
        }
      })();
      const reply = await answerLine(String(text), answering);
      if (reply !== undefined) assert.ok(!reply.includes('\n') && JSON.parse(reply));
    }),
  );
});

test('lines are put together from whatever pieces come', async () => {
  const text = 'one\r\ntwo ü\n\nthree';
  const octets = Buffer.from(text);
  for (const size of [1, 2, 3, 100]) {
    const pieces = Array.from({ length: Math.ceil(octets.length / size) }, (_, i) =>
      octets.subarray(i * size, (i + 1) * size),
    );
    const lines: string[] = [];
    for await (const line of linesOf(Readable.from(pieces, { objectMode: false }))) lines.push(line);
    assert.deepEqual(lines, ['one', 'two ü', '', 'three']);
  }
  const endless = Readable.from(Array.from({ length: 17 }, () => Buffer.alloc(1_000_000, 'a')));
  await assert.rejects(async () => {
    for await (const line of linesOf(endless)) assert.fail(line);
  }, /too long/);
});
