import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Der } from '@esim-rsp/codec';
import type { Certificate } from '../asn1/pkix.ts';
import { namesHost } from './host.ts';
import {
  type CertificatePlan,
  extensions,
  makeCertificate,
  withExtensions,
  withoutExtension,
} from './make-certificate.ts';
import { env, NOW, testPki } from './own-pki.harness.ts';
import { signingPlan, tlsPlan } from './plans.ts';
import { type Unverified, verifyServerChain, verifyTlsChain } from './server-chain.ts';
import { sgp26File, skipSgp26 } from './sgp26.harness.ts';
import { trustCi } from './trust.ts';

const pki = testPki();
const stranger = testPki();
const trust = [trustCi(pki.ci.certificate)];
const SERVER = { organization: 'Test SM-DP+', oid: '2.999.10' };

type Change = (plan: CertificatePlan) => CertificatePlan;
const issued = {
  ...env,
  notBefore: NOW - 1000,
  publicKey: pki.dpAuth.key.verifyingKey,
  issuer: pki.ci.certificate,
};

function dpAuthWith(change: Change, signer = pki.ci): Der<Certificate> {
  return makeCertificate(change(signingPlan(issued, 'dp-auth', SERVER)), signer.key);
}

function dpTlsWith(change: Change): Der<Certificate> {
  return makeCertificate(change(tlsPlan(issued, { ...SERVER, hosts: ['smdp.example.com'] })), pki.ci.key);
}

function isUnverified(
  reason: Unverified['reason'],
  detail: RegExp,
  certificate: Der<Certificate> | Uint8Array,
) {
  const verdict = verifyServerChain({ certificate, role: 'dp-auth', trust, now: NOW });
  assert.ok(!verdict.ok, 'it is refused');
  assert.equal(verdict.reason, reason);
  assert.match(verdict.detail, detail);
}

for (const curve of ['NIST', 'BRP'])
  test(`the SGP.26 ${curve} certificates of an SM-DP+ are accepted`, { skip: skipSgp26 }, () => {
    const sgp26 = [trustCi(sgp26File(`CertificateIssuer/CERT_CI_ECDSA_${curve}.der`))];
    for (const [role, path] of [
      ['dp-auth', `DPauth/CERT_S_SM_DPauth_ECDSA_${curve}.der`],
      ['dp-pb', `DPpb/CERT_S_SM_DPpb_ECDSA_${curve}.der`],
    ] as const) {
      const verdict = verifyServerChain({ certificate: sgp26File(path), role, trust: sgp26, now: NOW });
      assert.ok(verdict.ok);
      assert.equal(verdict.oid, '2.999.10');
    }
  });

test('the certificates of our own SM-DP+ are accepted for their own role only', () => {
  const check = (certificate: Der<Certificate>, role: 'dp-auth' | 'dp-pb') =>
    verifyServerChain({ certificate, role, trust }).ok;
  assert.ok(check(pki.dpAuth.certificate, 'dp-auth'));
  assert.ok(check(pki.dpPb.certificate, 'dp-pb'));
  assert.ok(!check(pki.dpAuth.certificate, 'dp-pb'));
  assert.ok(!check(pki.dpPb.certificate, 'dp-auth'));
});

test('an eUICC says why it does not accept a server certificate', () => {
  const noPoint = Uint8Array.from(pki.dpAuth.key.verifyingKey.spki);
  noPoint[noPoint.length - 1] = (noPoint[noPoint.length - 1] ?? 0) ^ 1;
  const offCurve = { ...pki.dpAuth.key.verifyingKey, spki: noPoint };
  isUnverified('ciPKUnknown', /no trusted CI/, stranger.dpAuth.certificate);
  isUnverified(
    'unsupportedCurve',
    /P-256/,
    dpAuthWith((plan) => ({ ...plan, publicKey: offCurve })),
  );
  isUnverified(
    'invalidCertificate',
    /signature/,
    dpAuthWith((plan) => plan, stranger.ci),
  );
  isUnverified(
    'invalidCertificate',
    /expired/,
    dpAuthWith((plan) => ({ ...plan, notAfter: NOW - 1000 })),
  );
  isUnverified(
    'invalidCertificate',
    /key usage/,
    dpAuthWith((plan) => withoutExtension(plan, 'keyUsage')),
  );
  const anonymous = dpAuthWith((plan) => withoutExtension(plan, 'authorityKeyIdentifier'));
  isUnverified('invalidCertificate', /no issuer/, anonymous);
  isUnverified('invalidCertificate', /tag/, Uint8Array.of(0x31, 0));
  isUnverified('invalidOid', /role is dp-pb/, pki.dpPb.certificate);
  isUnverified(
    'invalidOid',
    /registeredID/,
    dpAuthWith((plan) => withoutExtension(plan, 'subjectAltName')),
  );
});

test('an eUICC without a clock does not judge the validity period', () => {
  const certificate = dpAuthWith((plan) => ({ ...plan, notAfter: NOW - 1000 }));
  assert.ok(verifyServerChain({ certificate, role: 'dp-auth', trust }).ok);
});

test('a TLS certificate is accepted for its hosts in any spelling', () => {
  const certificate = dpTlsWith((plan) => plan);
  for (const host of ['smdp.example.com', 'SMDP.example.COM:8443', 'smdp.example.com.'])
    assert.ok(verifyTlsChain({ certificate, trust, now: NOW, host, oid: '2.999.10' }).ok, host);
  for (const host of ['localhost:8443', '127.0.0.1', '[::1]:443'])
    assert.ok(verifyTlsChain({ certificate: pki.dpTls.certificate, trust, now: NOW, host }).ok, host);
});

test('an LPA says in words why it does not accept a TLS certificate', () => {
  const host = 'smdp.example.com';
  const isRefused = (
    detail: RegExp,
    certificate: Der<Certificate>,
    more: { host?: string; oid?: string } = {},
  ) => {
    const verdict = verifyTlsChain({ certificate, trust, now: NOW, host, ...more });
    assert.ok(!verdict.ok, 'it is refused');
    assert.match(verdict.detail, detail);
  };
  const good = dpTlsWith((plan) => plan);
  isRefused(/for smdp\.example\.com, not for example\.com/, good, { host: 'example.com' });
  isRefused(/not for 127\.0\.0\.1/, good, { host: '127.0.0.1' });
  isRefused(/belongs to SM-DP\+ 2\.999\.10, but the activation code requires 2\.999\.12/, good, {
    oid: '2.999.12',
  });
  isRefused(/role is dp-auth, not dp-tls/, pki.dpAuth.certificate);
  isRefused(/no trusted CI/, stranger.dpTls.certificate, { host: 'localhost' });
  isRefused(
    /expired on/,
    dpTlsWith((plan) => ({ ...plan, notAfter: NOW - 1000 })),
  );
  const client = extensions.extendedKeyUsage('1.3.6.1.5.5.7.3.2');
  isRefused(
    /serverAuth/,
    dpTlsWith((plan) => withExtensions(plan, client)),
  );
  const wild = extensions.serverNames(['*.example.com'], [], '2.999.10');
  isRefused(
    /not for smdp/,
    dpTlsWith((plan) => withExtensions(plan, wild)),
  );
});

test('an address is compared as an address', () => {
  assert.ok(!namesHost({ ...pki.dpTls.certificate, dnsNames: ['10.0.0.1'] }, '10.0.0.1'));
  assert.ok(
    namesHost({ ...pki.dpTls.certificate, ipAddresses: [Uint8Array.of(10, 0, 0, 1)] }, '10.0.0.1:443'),
  );
});
