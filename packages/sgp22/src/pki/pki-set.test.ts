import assert from 'node:assert/strict';
import { test } from 'node:test';
import { equal } from '@esim-rsp/codec';
import { generateSigningKey } from '../crypto/ecdsa.ts';
import type { CertifiedKey } from './certificate.ts';
import { filesOfRole, PkiError, type PkiFiles, pkiFilePath, roleOfFile } from './files.ts';
import { EID, env, NOW, testPki } from './own-pki.harness.ts';
import {
  readCi,
  readEuiccCertificates,
  readEum,
  readServerCertificates,
  readSigningCertificates,
  readTlsCertificates,
  readTrust,
} from './pki-set.ts';
import { tlsPlan } from './plans.ts';
import type { Role } from './roles.ts';
import { sgp26Files, skipSgp26 } from './sgp26.harness.ts';
import { certifyUnder, testPkiFiles } from './test-pki.ts';

const pki = testPki();
const files = testPkiFiles(pki);
const input = { now: NOW, curve: 'P-256' } as const;

function changed(...changes: [path: string, content: Uint8Array | undefined][]): PkiFiles {
  const map = new Map(files);
  for (const [path, content] of changes) {
    if (content === undefined) map.delete(path);
    else map.set(path, content);
  }
  return map;
}

/** Without the PEM copy of a certificate, so that a test can replace the DER one. */
const without = (role: Parameters<typeof pkiFilePath>[1]): [string, undefined] => [
  pkiFilePath('CERT', role, 'P-256').replace(/der$/, 'pem'),
  undefined,
];
const pem = (key = generateSigningKey('P-256')) => new TextEncoder().encode(key.exportPem());

test('a test PKI written as files reads back as the same certificates and keys', () => {
  const server = readServerCertificates(files, input);
  for (const role of ['dpAuth', 'dpPb', 'dpTls'] as const) {
    assert.deepEqual(server[role].certificate.bytes, pki[role].certificate.bytes);
    assert.deepEqual(server[role].key.verifyingKey.point, pki[role].key.verifyingKey.point);
  }
  assert.equal(server.oid, '2.999.10');
  assert.deepEqual(server.ciPKId, pki.ci.certificate.subjectKeyIdentifier);
  assert.equal(server.ci.length, 1);
  const [euicc, ...more] = readEuiccCertificates(files, 'P-256');
  assert.equal(euicc?.eid, EID);
  assert.deepEqual(euicc?.eumCertificate.bytes, pki.eum.certificate.bytes);
  assert.equal(more.length, 0);
  assert.deepEqual(readCi(files, 'P-256').key.verifyingKey.point, pki.ci.key.verifyingKey.point);
  assert.deepEqual(readEum(files, 'P-256').key.verifyingKey.point, pki.eum.key.verifyingKey.point);
});

test('the SGP.26 files give the first SM-DP+ on either curve', { skip: skipSgp26 }, () => {
  const sgp26 = sgp26Files();
  for (const curve of ['P-256', 'brainpoolP256r1'] as const) {
    const server = readServerCertificates(sgp26, { curve, now: Date.UTC(2026, 10, 1) });
    assert.equal(server.oid, '2.999.10');
    assert.equal(server.dpTls.certificate.subject.commonName, 'testsmdpplus1.example.com');
    assert.equal(server.dpTls.certificate.curve, curve);
    const [euicc] = readEuiccCertificates(sgp26, curve);
    assert.equal(euicc?.eid, '89049032123451234512345678901235');
    assert.equal(readEum(sgp26, curve).certificate.subject.organization, 'RSP Test EUM');
  }
  const second = readSigningCertificates(sgp26, { ...input, now: Date.UTC(2026, 0), oid: '2.999.12' });
  assert.equal(second.oid, '2.999.12');
  assert.ok(!equal(second.dpPb.certificate.bytes, second.dpAuth.certificate.bytes));
  assert.equal(readTrust(sgp26).length, 2);
});

test('the TLS certificates are one per curve, that on the curve asked for first', { skip: skipSgp26 }, () => {
  const sgp26 = sgp26Files();
  const now = Date.UTC(2026, 10, 1);
  for (const [curve, other] of [
    ['P-256', 'brainpoolP256r1'],
    ['brainpoolP256r1', 'P-256'],
  ] as const) {
    const found = readTlsCertificates(sgp26, readSigningCertificates(sgp26, { curve, now }), now);
    assert.deepEqual(
      found.map(({ certificate }) => certificate.curve),
      [curve, other],
    );
  }
});

test('an SGP.26 TLS certificate past its time is reported with what was found', { skip: skipSgp26 }, () => {
  const late = { ...input, now: Date.UTC(2028, 0) };
  assert.throws(
    () => readServerCertificates(sgp26Files(), late),
    /no dp-tls certificate with OID 2\.999\.10 that is valid on 2028-01-01.*CERT_S_SM_DP_VARO_TLS_NIST\.der/,
  );
  assert.equal(readSigningCertificates(sgp26Files(), late).oid, '2.999.10');
});

test('the name of a file says whose it is', () => {
  const named: [string, Role, number][] = [
    ['CertificateIssuer/CERT_CI_ECDSA_NIST.der', 'ci', 1],
    ['CERT_CI.pem', 'ci', 1],
    ['EUM/SK_EUM_ECDSA_BRP.pem', 'eum', 1],
    ['eUICC\\CERT_EUICC2_ECDSA_NIST.der', 'euicc', 2],
    ['DPauth/CERT_S_SM_DPauth_ECDSA_NIST.der', 'dp-auth', 1],
    ['DPauth/SK_S_SM_DP2auth_ECDSA_NIST.pem', 'dp-auth', 2],
    ['DPpb/CERT_S_SM_DPpb_ECDSA_BRP.der', 'dp-pb', 1],
    ['DPtls/CERT_S_SM_DP_VARO_TLS_NIST.der', 'dp-tls', 1],
    ['DPtls/CERT_S_SM_DP8_TLS.der', 'dp-tls', 8],
    ['DPtls/SK_S_SM_DP_TLS_NIST.pem', 'dp-tls', 1],
    ['CERT_S_SM_DSauth_ECDSA_NIST.der', 'ds-auth', 1],
  ];
  for (const [path, role, index] of named) assert.deepEqual(roleOfFile(path), { role, index }, path);
  for (const path of ['DPtls/PK_S_SM_DP_TLS_NIST.pem', 'CERT_CI_ECDSA_NIST.txt', 'CERT_DP.der', 'README.md'])
    assert.equal(roleOfFile(path), undefined, path);
});

test('every SGP.26 file has a role, public keys apart', { skip: skipSgp26 }, () => {
  for (const path of sgp26Files().keys())
    assert.equal(roleOfFile(path) === undefined, path.includes('/PK_'), path);
});

test('a set that does not fit together is refused with the file that is at fault', () => {
  const path = { auth: pkiFilePath('CERT', 'dp-auth', 'P-256'), sk: pkiFilePath('SK', 'dp-auth', 'P-256') };
  const other = testPki();
  const expiredTls = certifyUnder(env, pki.ci, (issued) => {
    const plan = tlsPlan(issued, { organization: 'Test SM-DP+', oid: '2.999.10', hosts: ['localhost'] });
    return { ...plan, notAfter: NOW - 1000 };
  });
  const faults: [RegExp, PkiFiles][] = [
    [/there is no CI certificate/, new Map()],
    [/no dp-auth certificate on P-256; found: none$/, changed([path.auth, undefined], without('dp-auth'))],
    [/no private key of role dp-auth belongs to DPauth\/.*found: DPauth\/SK_/, changed([path.sk, pem()])],
    [/no private key of role dp-auth.*found: none$/, changed([path.sk, undefined])],
    [/DPauth\/SK_.* cannot be read: the private key/, changed([path.sk, brokenPem()])],
    [/DPauth\/CERT_.* cannot be read/, changed([path.auth, Uint8Array.of(0x30, 0x05)])],
    [
      /DPauth\/CERT_.* is no usable dp-auth certificate: its role is dp-pb/,
      changed([path.auth, pki.dpPb.certificate.bytes], without('dp-auth')),
    ],
    [
      /is no usable dp-auth certificate: no trusted CI/,
      changed([path.auth, other.dpAuth.certificate.bytes], without('dp-auth')),
    ],
    [/no dp-tls certificate with OID 2\.999\.10 that is valid/, changed(...tls(expiredTls))],
    [
      /CertificateIssuer\/.*names another issuer/,
      changed([pkiFilePath('CERT', 'ci', 'P-256'), pki.eum.certificate.bytes]),
    ],
  ];
  for (const [message, set] of faults)
    assert.throws(
      () => readServerCertificates(set, input),
      (error) => error instanceof PkiError && message.test(error.message),
      String(message),
    );
});

function tls({ certificate, key }: CertifiedKey): [string, Uint8Array | undefined][] {
  const sk = new TextEncoder().encode(key.exportPem());
  return [
    [pkiFilePath('CERT', 'dp-tls', 'P-256'), certificate.bytes],
    [pkiFilePath('SK', 'dp-tls', 'P-256'), sk],
    without('dp-tls'),
  ];
}

function brokenPem(): Uint8Array {
  return new TextEncoder().encode('-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n');
}

test('a manifest names the files of a role, whatever they are called', () => {
  const manifest = (value: unknown): [string, Uint8Array] => [
    'manifest.json',
    new TextEncoder().encode(JSON.stringify(value)),
  ];
  const renamed = changed(
    ['live/auth.crt', pki.dpAuth.certificate.bytes],
    ['live/auth.key', pem(pki.dpAuth.key)],
    [pkiFilePath('SK', 'dp-auth', 'P-256'), undefined],
    manifest({ 'dp-auth': ['live/auth.crt', 'live/auth.key'] }),
  );
  assert.equal(filesOfRole(renamed, 'dp-auth').certificates[0]?.path, 'live/auth.crt');
  assert.equal(readServerCertificates(renamed, input).oid, '2.999.10');
  assert.throws(
    () => readServerCertificates(changed(manifest({ ci: ['x'] })), input),
    /names x, but this file does not exist/,
  );
  assert.throws(() => readServerCertificates(changed(manifest({ ci: 'x' })), input), /does not map roles/);
});

test('a key in a token is used for DPauth and DPpb, if it is the one of the certificate', () => {
  const uri = new TextEncoder().encode('pkcs11:token=a;\n  object=b?module-path=/c.so\n');
  const reference = pkiFilePath('reference', 'dp-auth', 'P-256');
  assert.equal(reference, 'DPauth/SK_S_SM_DPauth_ECDSA_NIST.pkcs11');
  const set = changed([reference, uri], [pkiFilePath('SK', 'dp-auth', 'P-256'), undefined]);
  assert.deepEqual(filesOfRole(set, 'dp-auth').references, [
    { path: reference, uri: 'pkcs11:token=a;object=b?module-path=/c.so' },
  ]);
  const { key } = pki.dpAuth;
  const found = readSigningCertificates(set, {
    ...input,
    tokenKeys: [
      { path: reference, role: 'dp-auth', key: pki.dpPb.key },
      { path: reference, role: 'dp-auth', key },
    ],
  });
  assert.equal(found.dpAuth.key, key);
  const none = /no private key of role dp-auth belongs to DPauth\/.*; found: DPauth\/SK_.*\.pkcs11$/;
  for (const tokenKeys of [[], [{ path: reference, role: 'dp-pb' as const, key }]])
    assert.throws(() => readSigningCertificates(set, { ...input, tokenKeys }), none);
});

test('the key of DPtls cannot be in a token, and the error says what can', () => {
  const uri = new TextEncoder().encode('pkcs11:token=a;object=b?module-path=/c.so');
  const files = changed(
    [pkiFilePath('reference', 'dp-tls', 'P-256'), uri],
    [pkiFilePath('SK', 'dp-tls', 'P-256'), undefined],
  );
  assert.throws(
    () => readServerCertificates(files, input),
    /found: DPtls\/.*\.pkcs11; the server cannot use a TLS key in a token: let a proxy terminate TLS \(ESIM_ES9_TLS=0\)/,
  );
});

test('no error about a private key shows the key', () => {
  const broken = new TextDecoder().decode(pem()).replace('MIGH', 'AAAA');
  const set = changed([pkiFilePath('SK', 'dp-auth', 'P-256'), new TextEncoder().encode(broken)]);
  assert.throws(
    () => readServerCertificates(set, input),
    (error) => error instanceof PkiError && !error.message.includes(broken.slice(40, 60)),
  );
});
