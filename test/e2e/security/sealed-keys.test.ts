import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createPublicKey } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { runEsim, startEsimLoop } from '../../harness/esim.ts';
import { downloadBy, newPhone } from '../../harness/phone.ts';
import { released } from '../../harness/profiles.ts';
import { until } from '../../harness/receiver.ts';
import { type Settings, startServer } from '../../harness/server.ts';

const root = mkdtempSync(join(tmpdir(), 'esim-sealed-keys-'));
after(() => rmSync(root, { recursive: true, force: true }));
const loop = startEsimLoop();
after(() => loop[Symbol.dispose]());

const MAIN = new URL('../../../packages/cli/src/main.ts', import.meta.url).pathname;
const TLS = 'DPtls/SK_S_SM_DP_TLS_NIST.pem';
const isSealed = (path: string) => !/BEGIN (?:EC )?PRIVATE KEY/.test(readFileSync(path, 'utf8'));

/** The command line of a server, whose calls must succeed. */
function commands(settings: Settings) {
  return async (...args: string[]) => {
    const outcome = await loop.run({ cwd: root, env: settings }, ...args);
    assert.equal(outcome.code, 0, outcome.err);
    return outcome;
  };
}

test('keys of a running server are sealed, renewed, used by commands and after a restart, and survive a new master key', async () => {
  const settings = { ESIM_DATA_DIR: join(root, 'own'), ESIM_MASTER_KEY_FILE: join(root, 'master.key') };
  const esim = commands(settings);
  await using first = await startServer({ ESIM_DATA_DIR: settings.ESIM_DATA_DIR });
  cpSync(join(first.dataDir, 'master.key'), settings.ESIM_MASTER_KEY_FILE);
  rmSync(join(first.dataDir, 'master.key'));
  assert.match(first.output(), /5 private keys in \S+ are not sealed \(esim pki seal\)/);
  assert.ok(isSealed(join(first.dataDir, 'audit-key.pem')));
  await using phone = await newPhone(first);

  const { sealed, were_plain } = JSON.parse((await esim('pki', 'seal', '--json')).out);
  assert.deepEqual([sealed.length, were_plain.length], [5, 5]);
  for (const path of sealed) assert.ok(isSealed(join(first.pkiDir, path)), path);
  assert.match((await esim('pki', 'check')).out, /role +dp-tls\n.*\nprivate key +in a file, sealed\n/);
  assert.match((await esim('pki', 'show')).out, /private key +present, sealed\n/);
  assert.equal((await esim('pki', 'check', '--json')).err, '');
  await esim('phone', 'create', '--name', 'under-sealed-eum');

  const { valid_until } = JSON.parse((await esim('pki', 'renew', '--json')).out).certificates[0];
  assert.ok(valid_until);
  assert.ok(isSealed(join(first.pkiDir, TLS)));
  await downloadBy(phone, (await released(first)).activationCode);
  await first.close();

  await esim('secrets', 'rotate', '--json');
  await esim('pki', 'seal');
  await using second = await startServer({ ...settings, ESIM_LOG_LEVEL: 'info' });
  assert.ok(!second.output().includes('not sealed'));
  const { activationCode } = await released(second);
  await downloadBy(phone, activationCode.replace(/\$[^$]+\$/, `$${second.smdpAddress}$`));

  // a certificate with its key comes from a CA, into the folder of a running server: the key may be sealed or not
  const out = join(root, 'dp-tls.key');
  const exported = await esim('pki', 'export-key', TLS, '--out', out);
  assert.match(exported.err, /can act as this server/);
  assert.equal(statSync(out).mode & 0o777, 0o600);
  assert.ok(!isSealed(out));
  assert.match((await esim('pki', 'export-key', TLS)).out, /^-----BEGIN PRIVATE KEY-----\n/);
  cpSync(out, join(second.pkiDir, TLS));
  const readAgain = () => second.log().split('read the TLS certificate of ES9+ and ES2+ again').length - 1;
  await until(() => readAgain() === 1);
  await esim('pki', 'seal');
  assert.ok(isSealed(join(second.pkiDir, TLS)));
  await until(() => readAgain() === 2);
  await esim('pki', 'renew');
  await until(() => readAgain() >= 3);
  const { activationCode: last } = await released(second);
  await downloadBy(phone, last.replace(/\$[^$]+\$/, `$${second.smdpAddress}$`));
  assert.ok(!second.log().includes('cannot be used'), second.log());

  // an earlier release needs the plain key of the audit log
  const audit = join(root, 'audit-key.plain');
  await esim('pki', 'export-key', 'audit-key.pem', '--dir', settings.ESIM_DATA_DIR, '--out', audit);
  const publicKey = (file: string) =>
    createPublicKey(readFileSync(file)).export({ type: 'spki', format: 'pem' });
  assert.equal(publicKey(audit), publicKey(join(settings.ESIM_DATA_DIR, 'audit-key.pem')));
  assert.ok(!isSealed(audit));

  const { data } = await second.api.listAudit({});
  const ours = data.entries.filter(({ operation }) => operation.startsWith('esim pki '));
  assert.deepEqual(
    new Set(ours.map(({ operation }) => operation)),
    new Set(['esim pki seal', 'esim pki export-key']),
  );
  assert.ok(ours.some(({ operation, target }) => operation === 'esim pki export-key' && target === TLS));
});

test('sealing that is killed again and again leaves a folder that can be used, and finishes later', async () => {
  const settings = { ESIM_DATA_DIR: join(root, 'killed') };
  const server = await startServer(settings);
  await server.close();
  for (const milliseconds of [300, 450, 500, 550, 600, 700]) {
    const child = spawn(process.execPath, [MAIN, 'pki', 'seal'], {
      cwd: root,
      env: { PATH: process.env.PATH, ...settings },
      stdio: 'ignore',
    });
    const exit = once(child, 'exit');
    await Promise.race([sleep(milliseconds), exit]);
    child.kill('SIGKILL');
    await exit;
    await commands(settings)('pki', 'check');
  }
  const { sealed } = JSON.parse((await commands(settings)('pki', 'seal', '--json')).out);
  assert.equal(sealed.length, 5);
  for (const path of sealed) assert.ok(isSealed(join(server.pkiDir, path)), path);
  await (await startServer(settings)).close();
});

test('a backup has sealed keys, and a server that is restored from it opens them', async () => {
  const settings = { ESIM_DATA_DIR: join(root, 'saved') };
  const esim = commands(settings);
  const server = await startServer(settings);
  assert.match((await esim('backup', join(root, 'plain.tar'))).out, /5 private keys that are not sealed/);
  await esim('pki', 'seal');
  const file = join(root, 'backup.tar');
  const { out } = await esim('backup', file);
  assert.ok(!out.includes('not sealed'), out);
  await server.close();
  assert.ok(!/BEGIN (?:EC )?PRIVATE KEY/.test(readFileSync(file, 'latin1')));

  const restored = { ESIM_DATA_DIR: join(root, 'restored') };
  mkdirSync(restored.ESIM_DATA_DIR);
  cpSync(join(root, 'saved', 'master.key'), join(root, 'restored', 'master.key'));
  await commands(restored)('restore', file);
  await using again = await startServer(restored);
  await using phone = await newPhone(again);
  await downloadBy(phone, (await released(again)).activationCode);
});

test('a server with another database says which key it cannot open, and does not start', async () => {
  const settings = { ESIM_DATA_DIR: join(root, 'first') };
  const server = await startServer(settings);
  await commands(settings)('pki', 'seal');
  await server.close();
  const stranger = { ESIM_DATA_DIR: join(root, 'stranger'), ESIM_PKI_DIR: join(root, 'first', 'pki') };
  await assert.rejects(
    startServer(stranger),
    /the PKI in \S+ cannot be used: the sealed key in \S+ cannot be opened .*: use the database that it was sealed with/,
  );
  const shown = await runEsim({ cwd: root, env: stranger }, 'pki', 'export-key', TLS);
  assert.equal(shown.code, 1);
  assert.match(shown.err, /^esim: the sealed key in \S+ cannot be opened/);
  assert.ok(existsSync(join(root, 'first', 'pki', TLS)));
});
