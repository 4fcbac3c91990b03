import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { curves, derOfSignature, generateSigningKey } from '../crypto/ecdsa.ts';
import { systemRandom } from '../crypto/random.ts';
import { makeRequest, type RequestOptions, readRequest, requestPem } from './certification-request.ts';
import { verifyServerChain } from './server-chain.ts';
import { certifyRequest, makeTestPki } from './test-pki.ts';
import { trustCi } from './trust.ts';

const forAuth: RequestOptions = {
  role: 'dp-auth',
  subject: { country: 'DE', organization: 'Example', commonName: 'Example DPauth' },
  oid: '1.3.6.1.4.1.99999.1',
};
const hasOpenssl = spawnSync('openssl', ['version']).error === undefined;

test('a signature r|s is written in DER as OpenSSL expects it, whatever its numbers', () => {
  const key = generateSigningKey('P-256');
  for (let i = 0; i < 300; i++) {
    const signature = key.sign(Uint8Array.of(i));
    assert.equal(key.verifyingKey.verifyDer(derOfSignature(signature), Uint8Array.of(i)), true);
  }
  const small = new Uint8Array(64);
  small.set([1], 31);
  small.set([0x80], 63);
  assert.equal(Buffer.from(derOfSignature(small)).toString('hex'), '300702010102020080');
});

for (const curve of curves) {
  test(`a request on ${curve} is signed by its key, and OpenSSL agrees`, {
    skip: !hasOpenssl && 'openssl is not installed',
  }, async () => {
    const key = generateSigningKey(curve);
    const pem = requestPem(await makeRequest(forAuth, key));
    const folder = mkdtempSync(join(tmpdir(), 'esim-request-'));
    try {
      writeFileSync(join(folder, 'request.pem'), pem);
      const options = ['req', '-in', join(folder, 'request.pem'), '-verify', '-noout', '-text'];
      const text = execFileSync('openssl', options, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
      assert.match(text, /Subject: C = DE, O = Example, CN = Example DPauth/);
      assert.match(text, /Registered ID:1\.3\.6\.1\.4\.1\.99999\.1/);
      assert.match(text, /Policy: 2\.23\.146\.1\.2\.1\.4/);
      assert.match(text, /Digital Signature/);
    } finally {
      rmSync(folder, { recursive: true });
    }
    assert.equal(readRequest(new TextEncoder().encode(pem)).role, 'dp-auth');
  });

  test(`the CI of a test PKI on ${curve} issues what was requested`, async () => {
    const now = Date.now();
    const pki = makeTestPki({
      random: systemRandom,
      generateKey: generateSigningKey,
      now,
      curve,
      hosts: ['localhost'],
    });
    const trust = [trustCi(pki.ci.certificate)];
    const requests: RequestOptions[] = [
      forAuth,
      { ...forAuth, role: 'dp-pb' },
      { ...forAuth, role: 'dp-tls', dnsNames: ['rsp.example.com'] },
    ];
    for (const options of requests) {
      const request = readRequest((await makeRequest(options, generateSigningKey(curve))).bytes);
      const certificate = certifyRequest({ random: systemRandom, now }, pki.ci, request);
      const verified = verifyServerChain({ certificate, role: options.role, trust, now });
      assert.ok(verified.ok, JSON.stringify(verified));
      assert.equal(verified.oid, forAuth.oid);
      assert.equal(certificate.subject.commonName, 'Example DPauth');
      assert.deepEqual(certificate.dnsNames, options.dnsNames ?? []);
    }
  });
}

test('a request that was changed, or is not for an SM-DP+, is refused with the reason', async () => {
  const { bytes } = await makeRequest(forAuth, generateSigningKey('P-256'));
  const changed = Uint8Array.from(bytes);
  const at = Buffer.from(bytes).indexOf('Example');
  changed[at] = 0x65;
  assert.throws(() => readRequest(changed), /the signature of the request is wrong/);
  assert.throws(() => readRequest(new TextEncoder().encode('text')), /no certificate request in DER or PEM/);
  const noName = await makeRequest({ ...forAuth, role: 'dp-tls' }, generateSigningKey('P-256'));
  assert.throws(() => readRequest(noName.bytes), /no host name/);
});
