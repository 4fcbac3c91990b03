import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { DerError, toHex } from '@esim-rsp/codec';
import fc from 'fast-check';
import { certificatePem, certificatesIn, readCertificate } from './certificate.ts';
import { extensions, makeCertificate, withExtensions, withoutExtension } from './make-certificate.ts';
import { env, NOW, testPki } from './own-pki.harness.ts';
import { eumPlan } from './plans.ts';
import { roles } from './roles.ts';
import { sgp26File, skipSgp26 } from './sgp26.harness.ts';
import { readTime, writeTime } from './time.ts';

const pki = testPki();

test('an SGP.26 eUICC certificate says its EID, its role and that it outlives everybody', {
  skip: skipSgp26,
}, () => {
  const euicc = readCertificate(sgp26File('eUICC/CERT_EUICC_ECDSA_NIST.der'));
  assert.equal(euicc.serialNumber, '020000000000000001');
  assert.equal(euicc.subject.serialNumber, '89049032123451234512345678901235');
  assert.equal(euicc.subject.organization, 'RSP Test EUM');
  assert.equal(new Date(euicc.notAfter).toISOString(), '7496-01-24T09:48:58.000Z');
  assert.deepEqual(euicc.policies, [roles.euicc]);
  assert.deepEqual(euicc.keyUsage, ['digitalSignature']);
  assert.equal(euicc.isCa, false);
  assert.equal(
    toHex(euicc.authorityKeyIdentifier ?? new Uint8Array()),
    'dd3da24d350c1cc5d0af0965f40ec34c5ee409f1',
  );
  assert.equal(euicc.curve, 'P-256');
});

test('an SGP.26 EUM certificate says which EIDs it may give', { skip: skipSgp26 }, () => {
  const eum = readCertificate(sgp26File('EUM/CERT_EUM_ECDSA_BRP.der'));
  assert.deepEqual(eum.eidRanges, [
    { eidPrefix: '89049032', attributes: [{ type: '2.5.4.10', text: 'RSP Test EUM' }] },
  ]);
  assert.equal(eum.pathLength, 0);
  assert.deepEqual(eum.registeredIds, ['2.999.5']);
  assert.deepEqual(eum.crlUris, ['http://ci.test.example.com/CRL-B.crl']);
  assert.equal(eum.publicKey().curve, 'brainpoolP256r1');
});

test('an SGP.26 TLS certificate says its host and its SM-DP+', { skip: skipSgp26 }, () => {
  const tls = readCertificate(sgp26File('DPtls/CERT_S_SM_DP8_TLS.der'));
  assert.deepEqual(tls.dnsNames, ['testsmdpplus8.example.com']);
  assert.deepEqual(tls.registeredIds, ['2.999.18']);
});

test('validity times are read in both forms', () => {
  assert.equal(readTime({ utcTime: '491231235959Z' }), Date.UTC(2049, 11, 31, 23, 59, 59));
  assert.equal(readTime({ utcTime: '500101000000Z' }), Date.UTC(1950, 0, 1));
  assert.equal(readTime({ generalTime: '99991231235959Z' }), Date.UTC(9999, 11, 31, 23, 59, 59));
  for (const utcTime of ['250229000000Z', '2502280000Z', '250228000000+0000', '251301000000Z', ''])
    assert.throws(() => readTime({ utcTime }), DerError, utcTime);
});

test('validity times are written so that they read back', () => {
  const seconds = fc.integer({ min: Date.UTC(1950, 0) / 1000, max: Date.UTC(9999, 11, 31) / 1000 });
  fc.assert(fc.property(seconds, (second) => readTime(writeTime(second * 1000)) === second * 1000));
});

test('a certificate changed in one byte is read or is no certificate, and nothing else happens', () => {
  const { bytes } = pki.eum.certificate;
  const change = fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }));
  const read = ([at, by]: [number, number]) => {
    const changed = Uint8Array.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ by;
    try {
      readCertificate(changed);
    } catch (error) {
      assert.ok(error instanceof DerError, String(error));
    }
  };
  fc.assert(fc.property(change, read), { numRuns: 2000 });
});

test('an extension that occurs twice makes a certificate unreadable', () => {
  const issued = { ...env, notBefore: NOW, publicKey: pki.eum.key.verifyingKey, issuer: pki.ci.certificate };
  const plan = eumPlan(issued, { organization: 'Test EUM', oid: '2.999.5', eidPrefixes: ['89'] });
  const twice = { ...plan, extensions: [...plan.extensions, extensions.role('euicc')] };
  assert.throws(
    () => readCertificate(makeCertificate(twice, pki.ci.key).bytes),
    /extensions > certificatePolicies: occurs twice/,
  );
  const replaced = withoutExtension(withExtensions(plan, extensions.role('euicc')), 'nameConstraints');
  const certificate = readCertificate(makeCertificate(replaced, pki.ci.key).bytes);
  assert.deepEqual(certificate.policies, [roles.euicc]);
  assert.equal(certificate.eidRanges, undefined);
});

test('a certificate in PEM is the same certificate', () => {
  const pem = certificatePem(pki.ci.certificate);
  assert.equal(new X509Certificate(pem).subject.split('\n')[0], 'CN=Test CI');
  const bundle = new TextEncoder().encode(`a comment\n${pem}${certificatePem(pki.eum.certificate)}`);
  assert.deepEqual(certificatesIn(bundle), [pki.ci.certificate.bytes, pki.eum.certificate.bytes]);
  assert.deepEqual(certificatesIn(new Uint8Array()), []);
});
