import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { installations, NO_POSTGRES, startPostgres } from '#server/store/postgres/testing/server.harness';
import { runEsim } from '../../harness/esim.ts';
import { esimWithDemo } from '../../harness/esim-with-server.ts';
import { startReceiver, until } from '../../harness/receiver.ts';
import { startServer } from '../../harness/server.ts';

/** The state of each runbook is brought about in a real server, and its commands are run. */

const ROOT = join(import.meta.dirname, '../../..');
const PAGE = readFileSync(join(ROOT, 'docs/guide/runbooks.md'), 'utf8');
const ALERTS = readFileSync(join(ROOT, 'deploy/prometheus/alerts.yaml'), 'utf8');

const { server, esim, cwd } = await esimWithDemo();

/** Runs a command; returns what it writes, if it ends well. */
async function ok(...args: string[]): Promise<string> {
  const { code, out, err } = await esim(...args);
  assert.equal(code, 0, `esim ${args.join(' ')}: ${out}${err}`);
  return out + err;
}

/** The runbook has this command: a test runs what the page says. */
function says(text: string): void {
  assert.ok(PAGE.includes(text), `docs/guide/runbooks.md does not have: ${text}`);
}

test('every alert that the runbooks name exists, and every command and option in them', async () => {
  const named = new Set(PAGE.match(/\bEsim[A-Z]\w+/g));
  assert.ok(named.size > 12);
  for (const name of named) assert.match(ALERTS, new RegExp(`alert: ${name}$`, 'm'));
  const lines = new Set(
    Array.from(
      PAGE.matchAll(/npx esim ((?:[a-z]+ ?)+)((?:[^`\n]*))/g),
      ([, words = '', rest = '']) => `${words.trim()}|${rest}`,
    ),
  );
  assert.ok(lines.size > 15);
  for (const line of lines) {
    const [words = '', rest = ''] = line.split('|');
    const help = await ok(...words.split(' '), '--help');
    assert.match(help, new RegExp(`^Usage: esim ${words}\\b`), words);
    for (const [option] of rest.matchAll(/--[a-z-]+/g))
      assert.ok(help.includes(option), `${words} ${option}`);
  }
});

test('phones fail TLS: the log has the reason', async () => {
  says('a TLS handshake failed: unknown CA: the client does not trust the CI of our TLS certificate');
  says('a TLS handshake failed: plain HTTP on a TLS port');
  await using logging = await startServer({ ESIM_LOG_LEVEL: 'info' });
  const { port } = new URL(logging.es9Url);
  const connect = ['s_client', '-connect', `localhost:${port}`, '-servername', 'localhost'];
  const client = spawnSync('openssl', [...connect, '-verify_return_error'], { input: '' });
  assert.notEqual(client.status, 0, 'this machine does not trust the test CI');
  await assert.rejects(fetch(logging.es9Url.replace('https:', 'http:')));
  await until(() =>
    logging
      .log()
      .includes(
        'a TLS handshake failed: unknown CA: the client does not trust the CI of our TLS certificate',
      ),
  );
  await until(() => logging.log().includes('a TLS handshake failed: plain HTTP on a TLS port'));
  says('npx esim pki show');
  assert.match(await ok('pki', 'show'), /^dp-tls .*\n[\s\S]*days left/m);
});

test('downloads fail at one step: the session has the check that refused', async () => {
  const [code = assert.fail()] = /LPA:1\$\S+/.exec(server.output()) ?? [];
  const idsIn = async () => (await ok('session', 'list')).match(/\b[0-9A-F]{32}\b/g) ?? [];
  const before = new Set(await idsIn()); // the demo has downloads too
  const failed = await esim('phone', 'download', code, '--fault', 'euicc-expired');
  assert.notEqual(failed.code, 0);
  says('npx esim session list\n');
  const idIn = async () => (await idsIn()).find((id) => !before.has(id));
  await until(async () => (await idIn()) !== undefined); // refused calls are stored a moment later
  const id = (await idIn()) ?? assert.fail();
  says('  ✗ the eUICC certificate has not expired');
  assert.match(await ok('session', 'show', id), /^ {2}✗ the eUICC certificate has not expired$/m);
});

test('the outbox grows: the deliveries have the answer of the receiver, and arrive at its new address', async () => {
  await ok('webhook', 'create', 'http://127.0.0.1:9/hook');
  const [id = assert.fail()] = /we_\w+/.exec(await ok('webhook', 'list')) ?? [];
  await ok('profile', 'order', '8900101000000000043');
  says('the connection was refused; next attempt at');
  await until(async () =>
    (await ok('webhook', 'deliveries', id)).includes('the connection was refused; next attempt at'),
  );
  assert.match(await ok('webhook', 'list'), /failing since/);
  await using receiver = await startReceiver();
  says('npx esim webhook update WEBHOOK-ID --to');
  await ok('webhook', 'update', id, '--to', receiver.url);
  says('npx esim webhook replay WEBHOOK-ID NUMBER');
  await receiver.count(1);
  await until(async () => /profile.released .* delivered/.test(await ok('webhook', 'deliveries', id)));
  await ok('webhook', 'replay', id, '1');
  await receiver.count(2);
  await until(async () => (await ok('webhook', 'list')).includes('enabled'));
  await ok('operator', 'list');
});

const hasPrlimit = spawnSync('prlimit', ['--version']).error === undefined;

test('the disk fills: the server is not ready, and continues without a restart when there is room', {
  skip: !hasPrlimit && 'prlimit is not installed',
}, async () => {
  await using small = await startServer();
  const ready = async () => {
    const response = await fetch(`${small.restUrl}/readyz`);
    return { status: response.status, body: await response.text() };
  };
  assert.equal((await ready()).status, 200);
  const limit = (bytes: string) => execFileSync('prlimit', ['--pid', `${small.pid}`, `--fsize=${bytes}`]);
  limit('4096:unlimited'); // no file may grow past that, as on a full disk
  says('"detail":"the database cannot be written (');
  await until(async () => (await ready()).status === 503);
  assert.match((await ready()).body, /"detail":"the database cannot be written \(/);
  limit('unlimited:unlimited');
  await until(async () => (await ready()).status === 200);
});

const [installation] = installations();

test('the database is gone: the server is not ready, says why, and connects again', {
  skip: installation === undefined && NO_POSTGRES,
}, async () => {
  await using database = await startPostgres(installation ?? assert.fail());
  await using node = await startServer({
    ESIM_DATABASE_URL: await database.createDatabase(),
    ESIM_DATABASE_WAIT_MS: '500',
  });
  const ready = () => fetch(`${node.restUrl}/readyz`);
  assert.equal((await ready()).status, 200);
  await database.stop('fast');
  await until(async () => (await ready()).status === 503);
  assert.match(await (await ready()).text(), /the database cannot be written/);
  await database.start();
  await until(async () => (await ready()).status === 200);
});

test('a certificate is about to expire: a renewed one has a later date', async () => {
  const before = await ok('pki', 'show');
  says('`npx esim pki renew`');
  assert.match(await ok('pki', 'renew'), /valid until/);
  assert.notEqual(await ok('pki', 'show'), before);
});

test('a key has leaked: the old one is refused, and the audit log has what it did', async () => {
  const { apiKey, userId } = JSON.parse(readFileSync(join(cwd, 'data/credentials.json'), 'utf8'));
  const status = async () =>
    (
      await fetch(`${server.restUrl}/api/v1/esim/euicc-profiles?count=1`, {
        headers: { 'x-user-id': userId, 'x-api-key': apiKey },
      })
    ).status;
  assert.equal(await status(), 200);
  const [id = assert.fail()] = /\b[0-9a-f]{16}\b/.exec(await ok('key', 'list')) ?? [];
  says('npx esim key rotate KEY-ID --overlap 0s');
  await ok('key', 'rotate', id, '--overlap', '0s');
  await until(async () => (await status()) === 401);
  says('npx esim audit --key KEY-ID');
  assert.match(await ok('audit', '--key', id), /orderEUICCProfile/);
});

test('restore from a backup: the restored folder has the profiles, and a server starts with it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'esim-restore-'));
  try {
    const file = join(folder, 'esim.tar');
    await ok('backup', file);
    says('tar -xOf esim.tar manifest.json');
    assert.match(execFileSync('tar', ['-xOf', file, 'manifest.json'], { encoding: 'utf8' }), /sha256/i);
    says('npx esim restore /backups/esim.tar');
    const env = { ESIM_DATA_DIR: join(folder, 'restored') };
    says('install -D -m 0600 /var/lib/esim-rsp.damaged/master.key /var/lib/esim-rsp/master.key');
    mkdirSync(env.ESIM_DATA_DIR);
    copyFileSync(join(server.dataDir, 'master.key'), join(env.ESIM_DATA_DIR, 'master.key'));
    const restored = await runEsim({ cwd: folder, env }, 'restore', file);
    assert.equal(restored.code, 0, restored.err);
    await using again = await startServer({ ...env, ESIM_BOOTSTRAP_USER_ID: '', ESIM_BOOTSTRAP_API_KEY: '' });
    assert.equal((await fetch(`${again.restUrl}/readyz`)).status, 200);
    const accounts = await runEsim({ cwd: folder, env }, 'account', 'list', '--json');
    const [{ user_id: id }] = JSON.parse(accounts.out);
    says('npx esim key create');
    const created = await runEsim({ cwd: folder, env }, 'key', 'create', id);
    const access = { ESIM_URL: again.restUrl, ESIM_USER_ID: id, ESIM_API_KEY: created.out.trim() };
    const list = await runEsim(
      { cwd: folder, env: { ...env, ...access } },
      'profile',
      'list',
      '--count',
      '3',
    );
    assert.match(list.out, /8900101000000000019/, list.err);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('the master key is lost: the start names the key that is needed, and works when it is put back', async () => {
  says('its secrets are sealed with the master key');
  const folder = mkdtempSync(join(tmpdir(), 'esim-lost-key-'));
  const settings = { ESIM_DATA_DIR: folder };
  try {
    await using first = await startServer(settings);
    await first.close();
    renameSync(join(folder, 'master.key'), join(folder, 'second-copy'));
    await assert.rejects(
      startServer(settings),
      /its secrets are sealed with the master key [0-9a-f]{16}, and there is none in the file/,
    );
    renameSync(join(folder, 'second-copy'), join(folder, 'master.key'));
    await using second = await startServer(settings);
    assert.equal((await fetch(`${second.restUrl}/readyz`)).status, 200);
    says('npx esim secrets status');
    const { code, out } = await runEsim({ cwd: folder, env: settings }, 'secrets', 'status');
    assert.equal(code, 0);
    assert.match(out, /[0-9a-f]{16}/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
