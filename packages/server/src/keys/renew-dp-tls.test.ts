import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, statSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type Curve, curves } from '@esim-rsp/sgp22/crypto/ecdsa';
import type { PkiFiles } from '@esim-rsp/sgp22/pki/files';
import { makeCertificate } from '@esim-rsp/sgp22/pki/make-certificate';
import { readCi } from '@esim-rsp/sgp22/pki/pki-set';
import { expiryWarnings, findDoubts, listCertificates } from './own-certificates.ts';
import { fingerprintDirectory, readPkiDirectory, replaceFile, writePkiDirectory } from './pki-directory.ts';
import { renewDpTls } from './renew-dp-tls.ts';
import { createTestPki, openKeys, readDpTls } from './smdp-keys.ts';

const folder = mkdtempSync(join(tmpdir(), 'esim-renew-'));
after(() => rmSync(folder, { recursive: true }));
const DAY = 86_400_000;
const start = Date.UTC(2030, 0, 1);
const options = (directory: string, now: number) => ({ directory, host: 'rsp.example.com', tls: true, now });

async function pki(
  name: string,
  wanted: readonly Curve[] = ['P-256'],
  host = 'rsp.example.com',
): Promise<string> {
  const directory = join(folder, name);
  await writePkiDirectory(directory, createTestPki({ host, now: start, curves: wanted }));
  return directory;
}

test('each curve gets a new certificate and key for the same names and the same OID, and nothing else changes', async () => {
  const directory = await pki('both', curves);
  const before = await readPkiDirectory(directory);
  const old = await readDpTls(options(directory, start));
  const now = start + 820 * DAY;
  const renewed = await renewDpTls({ directory, now });
  const dpTls = await readDpTls(options(directory, now));
  assert.deepEqual(
    dpTls.map(({ certificate: { curve, dnsNames, registeredIds, serialNumber }, key }, at) => [
      curve,
      dnsNames,
      registeredIds,
      serialNumber === old[at]?.certificate.serialNumber,
      key.exportPem() === old[at]?.key.exportPem(),
    ]),
    curves.map((curve) => [curve, ['rsp.example.com', 'localhost'], ['2.999.10'], false, false]),
  );
  assert.ok(dpTls.every(({ certificate }) => certificate.notAfter > now + 800 * DAY));
  const after = await readPkiDirectory(directory);
  const changed = [...(after ?? [])]
    .filter(([path, content]) => !sameAs(before, path, content))
    .map(([path]) => path);
  assert.deepEqual(changed.toSorted(), renewed.flatMap(({ files }) => files).toSorted());
  assert.deepEqual([...(after?.keys() ?? [])], [...(before?.keys() ?? [])]);
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) assert.equal(statSync(join(entry.parentPath, entry.name)).mode & 0o777, 0o600);
});

function sameAs(files: PkiFiles | undefined, path: string, content: Uint8Array): boolean {
  return Buffer.compare(files?.get(path) ?? new Uint8Array(), content) === 0;
}

test('a server that reads the folder while it is renewed always finds a certificate with its key', async () => {
  const directory = await pki('race');
  let done = false;
  const serials = new Set<string | undefined>();
  const reader = (async () => {
    while (!done) serials.add((await readDpTls(options(directory, start)))[0].certificate.serialNumber);
  })();
  for (let i = 0; i < 20; i++) await renewDpTls({ directory, now: start });
  done = true;
  await reader;
  assert.ok(serials.size > 1);
});

test('an expired certificate can be renewed, also for another host', async () => {
  const directory = await pki('expired');
  const now = start + 900 * DAY;
  await assert.rejects(openKeys(options(directory, now)), /there is no dp-tls certificate .* valid on/);
  await renewDpTls({ directory, now, host: 'new.example.com' });
  const { dpTls } = await openKeys(options(directory, now));
  assert.deepEqual(dpTls?.[0].certificate.dnsNames, ['new.example.com', 'localhost']);
});

test('without the key of the CI nothing is renewed', async () => {
  const directory = await pki('real');
  unlinkSync(join(directory, 'CertificateIssuer/SK_CI_ECDSA_NIST.pem'));
  const before = await fingerprintDirectory(directory);
  await assert.rejects(renewDpTls({ directory, now: start }), {
    name: 'PkiError',
    message: /no private key of role ci/,
  });
  assert.equal(await fingerprintDirectory(directory), before);
});

test('a warning names each certificate that expires within 30 days, and what to do', async () => {
  const keys = await openKeys(options(await pki('warn'), start));
  const at = (days: number) => expiryWarnings(listCertificates(keys), start + days * DAY);
  assert.deepEqual(at(0), []);
  assert.deepEqual(at(793), []);
  assert.match(
    at(800).join(),
    /^the dp-tls certificate "rsp.example.com" expires in 24 days, on 2032-\d\d-\d\d: renew it/,
  );
  assert.match(at(823).join(), / expires in 1 day, /);
  assert.match(at(825).join(), /^the dp-tls .* expired on 2032-\d\d-\d\d/);
  assert.deepEqual(
    at(365 * 10 - 10).map((line) => line.split(' ')[1]),
    ['dp-auth', 'dp-pb', 'dp-tls'],
  );
});

test('an expired CI and a serial number that RFC 5280 forbids are warnings, and stop the start with strict', async () => {
  const directory = await pki('strict');
  const files = (await readPkiDirectory(directory)) ?? assert.fail();
  const { certificate, key } = readCi(files, 'P-256');
  const { issuer, subject, extensions } = certificate.value.tbsCertificate.value;
  const reissued = makeCertificate(
    {
      serialNumber: Uint8Array.of(0),
      issuer,
      subject,
      notBefore: start - DAY,
      notAfter: start - 1000,
      publicKey: key.verifyingKey,
      extensions: extensions?.list ?? [],
    },
    key,
  );
  await replaceFile(join(directory, 'CertificateIssuer/CERT_CI_ECDSA_NIST.der'), reissued.bytes);
  await replaceFile(join(directory, 'CertificateIssuer/CERT_CI_ECDSA_NIST.pem'), '');
  const keys = await openKeys(options(directory, start));
  assert.deepEqual(findDoubts(keys, start), [
    'the ci certificate "Test CI": its serial number is zero',
    'the ci certificate "Test CI": it expired on 2029-12-31T23:59:59Z',
  ]);
  const strict = openKeys({ ...options(directory, start), strict: true });
  await assert.rejects(strict, { name: 'PkiError', message: /serial number is zero \(ESIM_PKI_STRICT=1 / });
});
