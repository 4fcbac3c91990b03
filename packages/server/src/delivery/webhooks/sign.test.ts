import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import { formatSecret, generateSecret, parseSecret } from '../../store/ports/webhook-secret.ts';
import { sign, signedHeaders } from './sign.ts';

/** The example that the reference libraries of Standard Webhooks test themselves with. */
const secret = parseSecret('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');
const message = {
  id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  timestamp: 1_614_265_330,
  body: '{"test": 2432232314}',
};
const expected = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=';

test('a message is signed as the reference libraries of Standard Webhooks sign it', () => {
  assert.equal(sign(message, secret), expected);
  assert.deepEqual(signedHeaders(message, { secret }), {
    'webhook-id': message.id,
    'webhook-timestamp': '1614265330',
    'webhook-signature': expected,
  });
});

test('after a rotation both secrets sign, until the old one has run out', () => {
  const rotated = { secret: generateSecret(systemRandom), previous: { secret, until: 1_614_265_331_000 } };
  const both = `${sign(message, rotated.secret)} ${expected}`;
  assert.equal(signedHeaders(message, rotated)['webhook-signature'], both);
  const later = { ...message, timestamp: 1_614_265_331 };
  assert.equal(signedHeaders(later, rotated)['webhook-signature'], sign(later, rotated.secret));
});

const encoded = (octets: number) => `whsec_${Buffer.alloc(octets, 7).toString('base64')}`;

test('secrets of 24 to 64 octets are read and written back; others are refused without being quoted', () => {
  for (const octets of [24, 32, 64])
    assert.equal(formatSecret(parseSecret(encoded(octets))), encoded(octets));
  const bad = ['', 'whsec_', encoded(23), encoded(65), encoded(24).slice(6), `${encoded(24)}!`, 'whsec_%%%%'];
  for (const text of bad)
    assert.throws(
      () => parseSecret(text),
      (error) => error instanceof ValueError && (text.length < 8 || !error.message.includes(text.slice(6))),
      text,
    );
});

test('a secret has no printable form by accident', () => {
  for (const text of [JSON.stringify({ secret }), inspect({ secret }), String(secret)])
    assert.ok(!/MfKQ|49,242|31f2/.test(text), text);
});
