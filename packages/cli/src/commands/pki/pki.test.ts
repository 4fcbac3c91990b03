import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { createTestPki } from '@esim-rsp/server/keys/smdp-keys';
import { runEsim } from '../../../../../test/harness/esim.ts';
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
