import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { WebhookVerificationError, webhooks } from './index.ts';

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
