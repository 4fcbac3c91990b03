import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { generateSigningKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { filesOfRole, type PkiFiles } from '@esim-rsp/sgp22/pki/files';
import { namesHost } from '@esim-rsp/sgp22/pki/host';
import { readEum } from '@esim-rsp/sgp22/pki/pki-set';
import { makeEuicc, makeTestPki } from '@esim-rsp/sgp22/pki/test-pki';
import { trustCi } from '@esim-rsp/sgp22/pki/trust';
import { Refusal } from '@esim-rsp/sgp22/status';
import { completeEid } from '@esim-rsp/sgp22/value/eid';
import { createLruCache } from '../limits/lru-cache.ts';
import { readPkiDirectory, writePkiDirectory } from './pki-directory.ts';
import { createPublicCiCheck } from './public-ci.ts';
import { createTestPki, openKeys } from './smdp-keys.ts';
import { createEuiccVerifier, createKeyImporter } from './verify.ts';

const folder = mkdtempSync(join(tmpdir(), 'esim-keys-'));
after(() => rmSync(folder, { recursive: true }));
const now = Date.now();
const sgp26 = new URL('../../../../../shared/data/sgp26/', import.meta.url).pathname;

test('the first start makes a test PKI that only its owner can read, the second one reads it', async () => {
  const directory = join(folder, 'first', 'pki');
  const input = { directory, host: 'rsp.lab.example', tls: true, now };
  const first = await openKeys(input);
  assert.equal(first.made, true);
  assert.equal(statSync(directory).mode & 0o777, 0o700);
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) assert.equal(statSync(join(entry.parentPath, entry.name)).mode & 0o777, 0o600);
  assert.ok(first.dpTls && namesHost(first.dpTls[0].certificate, 'rsp.lab.example'));
  const second = await openKeys(input);
  assert.equal(second.made, false);
  assert.deepEqual(second.certificates[0]?.ciPKId, first.certificates[0]?.ciPKId);
});

test('the test PKI holds an EUM that can make eUICCs', async () => {
  const files = createTestPki({ host: 'localhost', now });
  const chance = { random: systemRandom, now, generateKey: generateSigningKey };
  const euicc = makeEuicc(chance, readEum(files, 'P-256'), completeEid('890490320000000000000000000009'));
  assert.equal(euicc.certificate.subject.serialNumber?.length, 32);
});

test('a CI counts as public if its keys are published or are in the folder', () => {
  const files = createTestPki({ host: 'localhost', now, curves: ['P-256', 'brainpoolP256r1'] });
  const curvesOfPublic = (kept: PkiFiles) =>
    filesOfRole(files, 'ci')
      .certificates.filter(({ certificate }) =>
        createPublicCiCheck(kept)(certificate.subjectKeyIdentifier ?? assert.fail()),
      )
      .map(({ certificate }) => certificate.curve)
      .sort();
  const without = (pattern: RegExp) => new Map([...files].filter(([path]) => !pattern.test(path)));
  assert.deepEqual(curvesOfPublic(files), ['P-256', 'brainpoolP256r1']);
  assert.deepEqual(curvesOfPublic(without(/SK_EUM_ECDSA_NIST|SK_CI/)), ['brainpoolP256r1']);
  assert.deepEqual(curvesOfPublic(without(/SK_(CI|EUM)/)), []);
  const published = createPublicCiCheck(new Map());
  assert.equal(published(Buffer.from('f54172bdf98a95d65cbeb88a38a1c11d800a85c3', 'hex')), true);
});

test('a PKI that was written halfway does not count, and a finished one is not overwritten', async () => {
  const directory = join(folder, 'atomic');
  const broken = new Map([
    ['EUM/a.pem', new Uint8Array(1)],
    ['EUM', new Uint8Array(1)], // cannot be written: it is a folder already
  ]);
  await assert.rejects(writePkiDirectory(directory, broken));
  assert.equal(existsSync(directory), false);
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.startsWith('atomic')),
    [],
  );
  assert.equal(await writePkiDirectory(directory, new Map([['a', new Uint8Array(1)]])), 'written');
  assert.equal(await writePkiDirectory(directory, new Map([['a', new Uint8Array(2)]])), 'exists');
  assert.equal((await readPkiDirectory(directory))?.get('a')?.length, 1);
});

test('a folder without certificates is refused with the name of a file that is needed', async () => {
  const directory = mkdtempSync(join(folder, 'empty-'));
  writeFileSync(join(directory, 'CERT_CI_ECDSA_NIST.der'), 'no certificate');
  const input = { directory, host: 'localhost', tls: true, now };
  await assert.rejects(openKeys(input), { name: 'PkiError', message: /dp-auth/ });
});

test('the files of SGP.26 are taken as they are', {
  skip: !existsSync(sgp26) && 'its data is not here',
}, async () => {
  const keys = await openKeys({ directory: sgp26, host: 'localhost', tls: false, now: Date.UTC(2026, 0, 1) });
  assert.deepEqual(
    keys.certificates.map(({ oid, dpAuth }) => [oid, dpAuth.key.curve]),
    [
      ['2.999.10', 'P-256'],
      ['2.999.10', 'brainpoolP256r1'],
    ],
  );
  assert.equal(keys.dpTls, undefined);
});

const eid = completeEid('890490320000000000000000000001');
const pki = makeTestPki({
  random: systemRandom,
  generateKey: generateSigningKey,
  now,
  curve: 'P-256',
  hosts: ['localhost'],
  eids: [eid],
});
const [euicc] = pki.euiccs;
assert.ok(euicc);
const chain = { euiccCertificate: euicc.certificate, eumCertificate: pki.eum.certificate };

test('an eUICC that was found genuine is remembered, but not past its validity nor for another CI', () => {
  const verify = createEuiccVerifier([trustCi(pki.ci.certificate)]);
  const first = verify({ ...chain, now });
  assert.equal(first.eid, eid);
  assert.equal(verify({ ...chain, now }), first);
  assert.throws(() => verify({ ...chain, now: pki.eum.certificate.notAfter + 2000 }), /8\.1\.2\/6\.3/);
  assert.throws(() => verify({ ...chain, now, ciPKId: Uint8Array.of(1) }), /8\.11\.1\/3\.9/);
});

test('an eUICC that is not genuine stays so', () => {
  const verify = createEuiccVerifier([]);
  for (const _ of [1, 2]) assert.throws(() => verify({ ...chain, now }), Refusal);
});

test('a public key is imported once', () => {
  const verifyingKey = createKeyImporter();
  const { spki } = euicc.key.verifyingKey;
  assert.equal(verifyingKey(spki), verifyingKey(Uint8Array.from(spki)));
  assert.throws(() => verifyingKey(spki.subarray(1)), RangeError);
});

test('what was not asked for the longest is forgotten first', () => {
  const values = createLruCache<number>(2);
  values.set('a', 1);
  values.set('b', 2);
  values.get('a');
  values.set('c', 3);
  assert.deepEqual([values.get('a'), values.get('b'), values.get('c')], [1, undefined, 3]);
});
