import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { generateSigningKey, type VerifyingKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { type CertificateView, type CertifiedKey, readCertificate } from '@esim-rsp/sgp22/pki/certificate';
import {
  type CertificatePlan,
  extensions,
  makeCertificate,
  withExtensions,
  withoutExtension,
} from '@esim-rsp/sgp22/pki/make-certificate';
import { ciPlan, clientPlan } from '@esim-rsp/sgp22/pki/plans';
import { isForClients, isIssuedUnder, mayBeForClients } from './client-chain.ts';

const now = Date.now();
const own = (publicKey: VerifyingKey) => ({ random: systemRandom, notBefore: now - 1000, publicKey });
const ciOptions = { name: 'CA', oid: '2.999.1', crlUris: [] };

/** The same key with a hybrid point (06 or 07), which OpenSSL reads too. */
function hybrid(key: VerifyingKey): VerifyingKey {
  const spki = Uint8Array.from(key.spki);
  spki[spki.length - 65] = 0x06 | ((key.point[64] ?? 0) & 1);
  return { ...key, spki };
}

function caWith(change: (key: VerifyingKey) => VerifyingKey): CertifiedKey {
  const key = generateSigningKey('P-256');
  const der = makeCertificate(ciPlan(own(change(key.verifyingKey)), ciOptions), key);
  return { certificate: readCertificate(der), key };
}

function clientWith(change: (key: VerifyingKey) => VerifyingKey, ca?: CertifiedKey): CertificateView {
  const key = generateSigningKey('P-256');
  const plan = clientPlan(own(change(key.verifyingKey)), 'client', ca?.certificate);
  return readCertificate(makeCertificate(plan, ca?.key ?? key));
}

const same = (key: VerifyingKey) => key;
const x509 = ({ bytes }: CertificateView) => new X509Certificate(bytes);

test('a client certificate with a hybrid point is refused', () => {
  assert.equal(isForClients(x509(clientWith(same))), true);
  assert.equal(isForClients(x509(clientWith(hybrid))), false);
});

test('a certificate without a key usage may be for clients of others; one with another key usage is for none', () => {
  const key = generateSigningKey('P-256');
  const asClient = (change: (plan: CertificatePlan) => CertificatePlan) => {
    const plan = change(clientPlan(own(key.verifyingKey), 'client'));
    const certificate = x509(readCertificate(makeCertificate(plan, key)));
    return [isForClients(certificate), mayBeForClients(certificate)];
  };
  assert.deepEqual(
    asClient((plan) => plan),
    [true, true],
  );
  assert.deepEqual(
    asClient((plan) => withoutExtension(plan, 'keyUsage')),
    [false, true],
  );
  assert.deepEqual(
    asClient((plan) => withExtensions(plan, extensions.keyUsage('keyEncipherment'))),
    [false, false],
  );
});

test('a CA with a hybrid point issues nothing', () => {
  const [good, bad] = [caWith(same), caWith(hybrid)];
  assert.equal(isIssuedUnder(x509(clientWith(same, good)), x509(good.certificate), now), true);
  assert.equal(isIssuedUnder(x509(clientWith(same, bad)), x509(bad.certificate), now), false);
});
