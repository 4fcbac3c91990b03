import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { connect, createServer } from 'node:tls';
import { type CertifiedKey, certificatePem, readCertificate } from './certificate.ts';
import { makeCertificate } from './make-certificate.ts';
import { EID, env, testPki } from './own-pki.harness.ts';
import { signingPlan, tlsPlan } from './plans.ts';
import { certifyUnder, makeEuicc } from './test-pki.ts';

const today = Date.now();
const pki = testPki('P-256', today);
const brainpool = testPki('brainpoolP256r1', today);

const skipOpenssl = spawnSync('openssl', ['version']).status === 0 ? false : 'openssl is not installed';
const directory = mkdtempSync(join(tmpdir(), 'test-pki-'));
after(() => rmSync(directory, { recursive: true }));

function pemFile(name: string, { certificate }: CertifiedKey): string {
  const path = join(directory, `${name}.pem`);
  writeFileSync(path, certificatePem(certificate));
  return path;
}

test('Node reads every certificate and finds it signed by its issuer', () => {
  for (const { ci, eum, euiccs, dpAuth, dpPb, dpTls } of [pki, brainpool]) {
    const signed = [ci, eum, dpAuth, dpPb, dpTls].map((child) => [child, ci] as const);
    for (const [child, issuer] of [...signed, ...euiccs.map((euicc) => [euicc, eum] as const)]) {
      const certificate = new X509Certificate(child.certificate.bytes);
      const parent = new X509Certificate(issuer.certificate.bytes);
      assert.ok(certificate.verify(parent.publicKey));
      assert.ok(certificate.checkIssued(parent));
      assert.match(certificate.serialNumber, /^[4-7][0-9A-F]{31}$/);
    }
    assert.equal(new X509Certificate(ci.certificate.bytes).ca, true);
  }
});

test('openssl verifies the servers and the EUM under the CI', { skip: skipOpenssl }, () => {
  for (const set of [pki, brainpool]) {
    const ci = pemFile('ci', set.ci);
    for (const name of ['eum', 'dpAuth', 'dpPb', 'dpTls'] as const) {
      const args = ['verify', '-x509_strict', '-CAfile', ci, pemFile(name, set[name])];
      assert.match(execFileSync('openssl', args).toString(), /: OK/);
    }
    const args = ['verify', '-purpose', 'sslserver', '-verify_hostname', 'localhost', '-CAfile', ci];
    assert.match(execFileSync('openssl', [...args, pemFile('dpTls', set.dpTls)]).toString(), /: OK/);
  }
});

function printed(certified: CertifiedKey): string {
  const args = ['x509', '-noout', '-text', '-in', pemFile('printed', certified)];
  return execFileSync('openssl', args).toString().replaceAll(/\s+/g, ' ');
}

test('openssl prints the extensions that the specification asks for', { skip: skipOpenssl }, () => {
  const [euicc] = pki.euiccs as [CertifiedKey];
  const said: [CertifiedKey, string[]][] = [
    [
      pki.ci,
      [
        'Basic Constraints: critical CA:TRUE X509v3',
        'Certificate Policies: critical Policy: 2.23.146.1.2.1.0',
        'Key Usage: critical Certificate Sign, CRL Sign',
        'Alternative Name: Registered ID:2.999.1',
        'URI:http://ci.example.com/CRL-A.crl',
      ],
    ],
    [
      pki.eum,
      [
        'Basic Constraints: critical CA:TRUE, pathlen:0',
        'Key Usage: critical Certificate Sign X509v3',
        'Certificate Policies: critical Policy: 2.23.146.1.2.1.2',
        'Name Constraints: critical Permitted: DirName:O = Test EUM, serialNumber = 89049032',
      ],
    ],
    [
      euicc,
      [
        'Not After : Dec 31 23:59:59 9999 GMT',
        `O = Test EUM, serialNumber = ${EID}, CN = eUICC ${EID}`,
        'Key Usage: critical Digital Signature X509v3',
        'Certificate Policies: critical Policy: 2.23.146.1.2.1.1',
      ],
    ],
    [pki.dpAuth, ['Certificate Policies: critical Policy: 2.23.146.1.2.1.4', 'Registered ID:2.999.10']],
    [pki.dpPb, ['Certificate Policies: critical Policy: 2.23.146.1.2.1.5', 'Registered ID:2.999.10']],
    [
      pki.dpTls,
      [
        'Extended Key Usage: critical TLS Web Server Authentication, TLS Web Client Authentication',
        'Certificate Policies: Policy: 2.23.146.1.2.1.3',
        'DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1, Registered ID:2.999.10',
      ],
    ],
  ];
  for (const [certified, texts] of said) {
    const text = printed(certified);
    for (const expected of texts) assert.ok(text.includes(expected), `${expected} in ${text}`);
  }
});

/** What a TLS client that trusts only the CI thinks of a server it calls by this host. */
async function handshake(
  { certificate, key }: CertifiedKey,
  host: 'localhost' | '127.0.0.1',
): Promise<string> {
  const server = createServer({ cert: certificatePem(certificate), key: key.exportPem() });
  await new Promise<void>((listening) => server.listen(0, host, listening));
  const { port } = server.address() as AddressInfo;
  const answer = await new Promise<string>((resolve) => {
    const client = connect({ host, port, ca: certificatePem(pki.ci.certificate) }, () => {
      resolve(client.authorized ? 'accepted' : String(client.authorizationError));
      client.destroy();
    });
    client.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });
  server.close();
  return answer;
}

test('a TLS client that trusts the CI accepts the server by name and by address', async () => {
  assert.equal(await handshake(pki.dpTls, 'localhost'), 'accepted');
  assert.equal(await handshake(pki.dpTls, '127.0.0.1'), 'accepted');
});

test('a TLS client refuses a server of another host, of another CI, and one past its time', async () => {
  const server = { organization: 'Test SM-DP+', oid: '2.999.10' };
  const certify = (host: string, notAfter: number) =>
    certifyUnder({ ...env, now: today }, pki.ci, (issued) => ({
      ...tlsPlan(issued, { ...server, hosts: [host] }),
      notAfter,
    }));
  const [past, future] = [today - 3_600_000, today + 3_600_000];
  assert.equal(await handshake(certify('localhost', future), 'localhost'), 'accepted');
  assert.equal(
    await handshake(certify('smdp.example.com', future), 'localhost'),
    'ERR_TLS_CERT_ALTNAME_INVALID',
  );
  assert.equal(await handshake(certify('localhost', past), 'localhost'), 'CERT_HAS_EXPIRED');
  const stranger = testPki('P-256', today);
  assert.match(await handshake(stranger.dpTls, 'localhost'), /SIGNATURE|ISSUER/);
});

test('more eUICCs can be made under an EUM, each with its own key', () => {
  const [first] = pki.euiccs as [CertifiedKey];
  const second = makeEuicc({ ...env, now: today }, pki.eum, EID);
  assert.notDeepEqual(second.key.verifyingKey.point, first.key.verifyingKey.point);
  assert.notEqual(second.certificate.serialNumber, first.certificate.serialNumber);
});

test('a plan says exactly what the certificate will say', () => {
  const { ci, dpAuth } = pki;
  const issued = { ...env, notBefore: today, publicKey: dpAuth.key.verifyingKey, issuer: ci.certificate };
  const plan = signingPlan(issued, 'dp-auth', { organization: 'Test SM-DP+', oid: '2.999.12' });
  const certificate = readCertificate(
    makeCertificate({ ...plan, serialNumber: Uint8Array.of(1) }, ci.key).bytes,
  );
  assert.equal(certificate.serialNumber, '01');
  assert.equal(certificate.notBefore, Math.floor(today / 1000) * 1000);
  assert.deepEqual(certificate.registeredIds, ['2.999.12']);
});
