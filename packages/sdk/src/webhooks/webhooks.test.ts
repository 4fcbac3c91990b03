import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { type WebhookHeaders, WebhookVerificationError, webhooks } from '../index.ts';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const other = `whsec_${btoa('o'.repeat(32))}`;
const body =
  '{"type":"webhook.test","timestamp":"2026-03-01T10:00:00.000Z","data":{"webhook_id":"w\u{1F4F1}"}}';

/** The headers of a message, made in another way than the server makes them. */
function signed(by = secret, { at = 0, text = body as string | Uint8Array } = {}): Record<string, string> {
  const timestamp = String(Math.floor(Date.now() / 1000) + at);
  const mac = createHmac('sha256', Buffer.from(by.slice(6), 'base64'));
  const signature = mac.update(`msg_1.${timestamp}.`).update(text).digest('base64');
  return { 'webhook-id': 'msg_1', 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}

const refusedAs = (code: string) => (error: unknown) => {
  assert.ok(error instanceof WebhookVerificationError, String(error));
  assert.equal(error.code, code);
  assert.ok(!error.message.includes('MfKQ'));
  return true;
};

test('a message is unwrapped whatever its body and headers come in', async () => {
  const bytes = new TextEncoder().encode(body);
  const headers = signed();
  const upper = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]),
  );
  for (const one of [body, bytes, bytes.buffer])
    for (const given of [headers, new Headers(headers), upper])
      assert.deepEqual(await webhooks.unwrap(one, given, secret), JSON.parse(body));
});

test('the vector of the reference libraries is signed with its secret, but too old', async () => {
  const headers = {
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  };
  await assert.rejects(webhooks.unwrap('{"test": 2432232314}', headers, secret), refusedAs('too_old'));
});

test('while a secret is rotated, either end may be the first to change', async () => {
  assert.ok(await webhooks.unwrap(body, signed(other), [secret, other]));
  const { 'webhook-signature': second, ...headers } = signed();
  const both = { ...headers, 'webhook-signature': `v1a,abc ${signed(other)['webhook-signature']} ${second}` };
  assert.ok(await webhooks.unwrap(body, both, secret));
  assert.ok(await webhooks.unwrap(body, both, other));
});

test('what is not signed with the secret is refused', async () => {
  const wrong = [
    signed(other),
    { ...signed(), 'webhook-id': 'msg_2' },
    { ...signed(), 'webhook-signature': 'v1,' },
    { ...signed(), 'webhook-signature': 'v1,?' },
    { ...signed(), 'webhook-signature': signed()['webhook-signature']?.replace('v1', 'v2') ?? '' },
  ];
  for (const headers of wrong)
    await assert.rejects(webhooks.unwrap(body, headers, secret), refusedAs('bad_signature'));
  await assert.rejects(webhooks.unwrap(`${body} `, signed(), secret), refusedAs('bad_signature'));
});

test('old and future messages, missing headers, bad secrets and bodies each have their word', async () => {
  const unwrapped = (headers: Record<string, string>, by = secret, text = body) =>
    webhooks.unwrap(text, headers, by);
  await assert.rejects(unwrapped(signed(secret, { at: -302 })), refusedAs('too_old'));
  await assert.rejects(unwrapped(signed(secret, { at: 302 })), refusedAs('too_new'));
  assert.ok(await unwrapped(signed(secret, { at: -290 })));
  await assert.rejects(unwrapped({ ...signed(), 'webhook-timestamp': 'now' }), refusedAs('bad_timestamp'));
  for (const name of Object.keys(signed()))
    await assert.rejects(unwrapped({ ...signed(), [name]: '' }), refusedAs('missing_header'));
  for (const bad of ['', 'whsec_', 'whsec_?', secret.slice(6)])
    await assert.rejects(unwrapped(signed(), bad), refusedAs('bad_secret'));
  await assert.rejects(
    unwrapped(signed(secret, { text: 'no JSON' }), secret, 'no JSON'),
    refusedAs('bad_body'),
  );
});

test('the headers of every platform are understood', async () => {
  const headers = signed();
  const pairs = Object.entries(headers);
  const shapes: Record<string, WebhookHeaders> = {
    'Node, headersDistinct': Object.fromEntries(pairs.map(([name, value]) => [name, [value]])),
    'Node, rawHeaders': pairs.flatMap(([name, value]) => [name.toUpperCase(), value]),
    'Lambda, multiValueHeaders': Object.fromEntries(
      pairs.map(([name, value]) => [name.replace('webhook', 'Webhook'), [value]]),
    ),
    CloudFront: Object.fromEntries(pairs.map(([name, value]) => [name, [{ key: name, value }]])),
    'CloudFront Functions': Object.fromEntries(pairs.map(([name, value]) => [name, { value }])),
    Map: new Map(pairs.map(([name, value]) => [name.toUpperCase(), value])),
    pairs,
    'names and values': pairs.map(([name, value]) => ({ name, value })),
    'an object with get': { get: (name: string) => headers[name.toLowerCase()] ?? null },
    'a null prototype': Object.assign(Object.create(null), headers),
    'twice the same': { ...headers, 'Webhook-Id': [headers['webhook-id']] },
  };
  for (const [name, given] of Object.entries(shapes))
    assert.equal((await webhooks.unwrap(body, given, secret)).type, 'webhook.test', name);
});

test('signatures in several headers are one list', async () => {
  const { 'webhook-signature': right = '', ...headers } = signed();
  const { 'webhook-signature': wrong = '' } = signed(other);
  for (const value of [
    [wrong, right],
    `${wrong}, ${right}`,
    `${wrong},${right}`,
    `${right}, ${wrong}`,
    [`${wrong} ${right}`],
  ])
    assert.ok(await webhooks.unwrap(body, { ...headers, 'webhook-signature': value }, secret));
});

test('a signature is found whatever its first letters are, alone and in a list', async () => {
  const starts = new Set<string>();
  while (starts.size < 64 || !starts.has('v1')) {
    const text = JSON.stringify({ type: 'webhook.test', number: starts.size, random: Math.random() });
    const headers = signed(secret, { text });
    const { 'webhook-signature': right = '' } = headers;
    const start = /^v1,(v\d|.)/.exec(right)?.[1] ?? assert.fail(right);
    if (starts.has(start)) continue;
    starts.add(start);
    const { 'webhook-signature': wrong = '' } = signed(other);
    for (const list of [right, `${wrong} ${right}`, `${wrong},${right},${wrong}`])
      assert.ok(await webhooks.unwrap(text, { ...headers, 'webhook-signature': list }, secret), list);
  }
});

test('two different ids are no id', async () => {
  const headers = { ...signed(), 'webhook-id': ['msg_1', 'msg_2'] };
  await assert.rejects(webhooks.unwrap(body, headers, secret), refusedAs('bad_signature'));
});

test('the tolerance is an option', async () => {
  const old = signed(secret, { at: -4000 });
  assert.ok(await webhooks.unwrap(body, old, secret, { tolerance: 4100 }));
  await assert.rejects(
    webhooks.unwrap(body, signed(secret, { at: -10 }), secret, { tolerance: 5 }),
    refusedAs('too_old'),
  );
  await assert.rejects(webhooks.unwrap(body, old, secret, { tolerance: Number.NaN }), RangeError);
});

test('the vector of the reference libraries is accepted at any age, and signed in the same way', async () => {
  const headers = {
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  };
  const text = '{"test": 2432232314}';
  assert.deepEqual(await webhooks.unwrap(text, headers, secret, { tolerance: Infinity }), JSON.parse(text));
  const options = { id: headers['webhook-id'], timestamp: 1614265330 };
  assert.deepEqual(await webhooks.sign(text, secret, options), headers);
});

test('what sign signs, unwrap accepts, with any of the secrets', async () => {
  const headers = await webhooks.sign(body, [other, secret]);
  assert.ok(await webhooks.unwrap(new TextEncoder().encode(body), headers, secret));
  assert.ok(await webhooks.unwrap(body, headers, other));
  assert.notEqual((await webhooks.sign(body, secret))['webhook-id'], headers['webhook-id']);
});

test('a body that was parsed already is refused with what to do', async () => {
  const parsed = JSON.parse(body);
  await assert.rejects(webhooks.unwrap(parsed, signed(), secret), (error: Error) => {
    assert.match(error.message, /as they arrived, and not what a JSON parser made of them/);
    return refusedAs('bad_body')(error);
  });
});
