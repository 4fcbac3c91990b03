import assert from 'node:assert/strict';
import { createECDH, createPrivateKey, ECDH } from 'node:crypto';
import { test } from 'node:test';
import { concat, fromHex } from '@esim-rsp/codec';
import { curves, generateSigningKey, importSigningKey, importVerifyingKey, spkiOf } from './ecdsa.ts';
import { computeSharedSecret, generateOneTimeKey, importOneTimeKey } from './ecka.ts';
import { systemRandom } from './random.ts';

const opensslName = { 'P-256': 'prime256v1', brainpoolP256r1: 'brainpoolP256r1' } as const;
const forms = ['compressed', 'hybrid'] as const;

for (const curve of curves)
  for (const form of forms) {
    const key = generateSigningKey(curve).verifyingKey;
    const point = ECDH.convertKey(key.point, opensslName[curve], undefined, undefined, form) as Buffer;

    test(`a public key on ${curve} that is a ${form} point is refused`, () => {
      assert.equal(importVerifyingKey(spkiOf(curve, key.point)).curve, curve);
      assert.throws(() => importVerifyingKey(spkiWith(curve, point)), {
        name: 'RangeError',
        message: /uncompressed/,
      });
    });

    test(`a one-time key on ${curve} that is a ${form} point gives no shared secret`, () => {
      const own = generateOneTimeKey(curve, systemRandom);
      assert.equal(computeSharedSecret(own, key.point).length, 32);
      assert.throws(() => computeSharedSecret(own, point), { name: 'RangeError', message: /uncompressed/ });
    });

    test(`a key file on ${curve} with a ${form} point is refused`, () => {
      const own = generateSigningKey(curve);
      const sec1 = createPrivateKey(own.exportPem()).export({ format: 'der', type: 'sec1' });
      const at = sec1.indexOf(Buffer.from(own.verifyingKey.point));
      const converted = ECDH.convertKey(
        own.verifyingKey.point,
        opensslName[curve],
        undefined,
        undefined,
        form,
      ) as Buffer;
      const pem = sec1Pem(
        concat(sec1.subarray(0, at), converted, sec1.subarray(at + 65)),
        65 - converted.length,
      );
      assert.throws(() => importSigningKey(pem), { name: 'RangeError', message: /uncompressed/ });
    });
  }

for (const curve of curves)
  test(`a shared secret on ${curve} is that of an ECDH object, also where it begins with zeros`, () => {
    for (let i = 0; i < (curve === 'P-256' ? 600 : 60); i++) {
      const own = generateOneTimeKey(curve, systemRandom);
      const peer = createECDH(opensslName[curve]);
      const peerPoint = peer.generateKeys();
      const secret = computeSharedSecret(own, peerPoint);
      assert.equal(secret.length, 32);
      assert.deepEqual(Buffer.from(secret), peer.computeSecret(own.otPk));
    }
  });

test('a private scalar that is zero, too large or too short is refused', () => {
  for (const curve of curves)
    for (const scalar of [new Uint8Array(32), new Uint8Array(32).fill(0xff), new Uint8Array(31).fill(1)])
      assert.throws(() => importOneTimeKey(curve, scalar), RangeError);
});

test('a public key with a point that is not on its curve is refused', () => {
  const point = generateSigningKey('P-256').verifyingKey.point.slice();
  point[64] = (point[64] ?? 0) ^ 1;
  assert.throws(() => importVerifyingKey(spkiOf('P-256', point)), RangeError);
  assert.throws(() => computeSharedSecret(generateOneTimeKey('P-256', systemRandom), point), RangeError);
});

/** SubjectPublicKeyInfo with any form of point. */
function spkiWith(curve: 'P-256' | 'brainpoolP256r1', point: Uint8Array): Uint8Array {
  const whole = spkiOf(curve, point);
  const shorter = 65 - point.length;
  const bitString = whole.length - point.length - 2; // its length octet is before 'no unused bits'
  whole[1] = (whole[1] ?? 0) - shorter;
  whole[bitString] = (whole[bitString] ?? 0) - shorter;
  return whole;
}

/** ECPrivateKey (RFC 5915) in PEM, with the lengths corrected: the public key is its last member. */
function sec1Pem(der: Uint8Array, shorter: number): string {
  const fixed = Uint8Array.from(der);
  const point = fixed.length - (65 - shorter);
  for (const at of [1, point - 4, point - 2]) fixed[at] = (fixed[at] ?? 0) - shorter;
  assert.deepEqual(fixed.subarray(point - 3, point - 2), fromHex('03'));
  return `-----BEGIN EC PRIVATE KEY-----\n${Buffer.from(fixed).toString('base64')}\n-----END EC PRIVATE KEY-----\n`;
}
