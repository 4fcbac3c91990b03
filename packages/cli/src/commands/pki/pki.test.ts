import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { createTestPki } from '@esim-rsp/server/keys/smdp-keys';
import { runEsim, startEsimLoop } from '../../../../../test/harness/esim.ts';
import { summarizeCertificates } from '../../pki/certificates.ts';

const cwd = mkdtempSync(join(tmpdir(), 'esim-pki-'));
after(() => rmSync(cwd, { recursive: true, force: true }));
const esim = (...args: string[]) => runEsim({ cwd, env: {} }, ...args);

test('pki init makes a PKI for a host that only its owner can read, and pki show says what it holds', async () => {
  const made = await esim('pki', 'init', '--host', 'rsp.example.com', '--dir', 'certificates/');
  assert.equal(made.code, 0, made.err);
  const directory = join(cwd, 'certificates');
  assert.ok(made.err.includes(`ESIM_PKI_DIR=${directory} ESIM_SMDP_ADDRESS=rsp.example.com npm start`));
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) assert.equal(statSync(join(entry.parentPath, entry.name)).mode & 0o777, 0o600);

  const [again, shown, text] = await Promise.all([
    esim('pki', 'init', '--dir', 'certificates'),
    esim('pki', 'show', '--dir', 'certificates', '--json'),
    esim('pki', 'show', '--dir', 'certificates'),
  ]);
  assert.equal(again.code, 1);
  assert.match(again.err, /^esim: \S+certificates is not empty: choose another --dir.*\n$/);
  const { certificates } = JSON.parse(shown.out);
  assert.deepEqual(
    certificates.map(({ role, has_key, faults }: Record<string, unknown>) => [role, has_key, faults]),
    ['ci', 'eum', 'dp-tls', 'dp-auth', 'dp-pb'].map((role) => [role, true, []]),
  );
  assert.match(text.out, /^dp-tls {2}DPtls\/CERT_S_SM_DP_TLS_NIST\.der\n(?: {2}.*\n)* {2}OID +2\.999\.10\n/m);
  assert.match(
    text.out,
    / {2}names +rsp\.example\.com, localhost, 127\.0\.0\.1, ::1\n {2}private key +present\n/,
  );
  assert.equal(text.err, '');
});

test('without --dir the folder is that of the server; where there is none, one line says what to do', async () => {
  const none = await esim('pki', 'show');
  assert.equal(none.code, 1);
  assert.match(
    none.err,
    /^esim: there is no PKI in \S+data\/pki: create one with 'esim pki init --dir \S+'\n$/,
  );
  const [made, badHost] = await Promise.all([
    esim('pki', 'init', '--json'),
    esim('pki', 'init', '--host', 'https://rsp.example.com', '--dir', 'other'),
  ]);
  assert.equal(JSON.parse(made.out).host, 'localhost');
  assert.ok(existsSync(join(cwd, 'data', 'pki', 'DPtls')));
  assert.equal(badHost.code, 2);
});

test('an expired certificate, one whose role is another and one without its key are reported', () => {
  const now = Date.now();
  const files = new Map(createTestPki({ host: 'localhost', now }));
  const auth = files.get('DPauth/CERT_S_SM_DPauth_ECDSA_NIST.der');
  assert.ok(auth);
  const certificates = summarizeCertificates(
    new Map([
      ['CERT_S_SM_DPauth_ECDSA_NIST.der', auth],
      ['CERT_EUM_ECDSA_NIST.der', auth],
    ]),
    now + 100 * 365 * 86_400_000,
  );
  const [eum, dpAuth] = certificates;
  assert.match(eum?.faults.join('; ') ?? '', /it expired on \S+Z; its role is dp-auth, not eum/);
  assert.deepEqual([dpAuth?.faults.length, dpAuth?.has_key], [1, false]);
});

test('a certificate is requested with its key, issued by a test CI, and imported in the place of the old one', async () => {
  const loop = startEsimLoop();
  after(() => loop[Symbol.dispose]());
  const env = { ESIM_PKI_DIR: join(cwd, 'requested') };
  const pki = async (...args: string[]) => loop.run({ cwd, env }, 'pki', ...args);
  const fails = async (message: RegExp, ...args: string[]) => {
    const { code, err } = await pki(...args);
    assert.notEqual(code, 0);
    assert.match(err, message);
  };
  assert.equal((await pki('init')).code, 0);
  const subject = ['--oid', '2.999.10', '--organization', 'Example', '--country', 'DE'];
  const requested = await pki('request', 'dp-auth', ...subject, '--out', 'auth.csr', '--json');
  assert.equal(requested.code, 0, requested.err);
  assert.match(JSON.parse(requested.out).request, /^-----BEGIN CERTIFICATE REQUEST-----/);
  await fails(/auth\.csr already exists/, 'request', 'dp-auth', ...subject, '--out', 'auth.csr');
  await fails(
    /there is no key of dp-pb on brainpoolP256r1; found: none/,
    'request',
    'dp-pb',
    ...subject,
    '--curve',
    'brainpoolP256r1',
  );
  await fails(/--host is needed for dp-tls/, 'request', 'dp-tls', ...subject);
  await fails(/a dotted OID is expected/, 'request', 'dp-tls', '--oid', 'x', '--organization', 'Example');
  await fails(
    /--key cannot be used: .* names no token/,
    'request',
    'dp-tls',
    ...subject,
    '--host',
    'a',
    '--key',
    'pkcs11:object=b?module-path=/x.so',
  );

  const signed = await pki('sign', 'auth.csr', '--out', 'auth.pem', '--json');
  assert.equal(signed.code, 0, signed.err);
  await fails(/pki\.test\.csr cannot be read \(ENOENT\)/, 'sign', 'pki.test.csr', '--out', 'x.pem');
  await fails(/has a dp-auth certificate on P-256: DPauth\/.*\. Use --replace/, 'import', 'auth.pem');
  const imported = await pki('import', 'auth.pem', '--replace', '--json');
  assert.equal(imported.code, 0, imported.err);
  const { key, replaced } = JSON.parse(imported.out);
  assert.equal(key, 'DPauth/SK_S_SM_DPauth_ECDSA_NIST.pem');
  assert.deepEqual(
    replaced,
    ['der', 'pem'].map((ending) => `DPauth/CERT_S_SM_DPauth_ECDSA_NIST.${ending}.old`),
  );
  const checked = await pki('check', '--json');
  assert.equal(checked.code, 0, checked.err);
  assert.deepEqual(
    JSON.parse(checked.out).certificates.map((one: Record<string, string>) => [one.role, one.key]),
    ['dp-auth', 'dp-pb', 'dp-tls'].map((role) => [role, 'in a file']),
  );

  await fails(
    /CERT_S_SM_DPauth_ECDSA_NIST\.der is no usable dp-auth certificate: /,
    'import',
    join('certificates', 'DPauth/CERT_S_SM_DPauth_ECDSA_NIST.der'),
  );
  writeFileSync(join(cwd, 'text.pem'), 'text');
  await fails(/text\.pem has no certificate: one is expected/, 'import', 'text.pem');
  await fails(/--token or --serial is needed/, 'create-key', 'dp-auth', '--module', '/none.so');
  await fails(/the PKCS#11 module \/none\.so does not exist|pkcs11js/, 'tokens', '--module', '/none.so');
});
