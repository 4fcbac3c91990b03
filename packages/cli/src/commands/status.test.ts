import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pkiFilePath } from '@esim-rsp/sgp22/pki/files';
import { runEsim } from '../../../../test/harness/esim.ts';
import { esimWithDemo } from '../../../../test/harness/esim-with-server.ts';
import type { Check } from '../status/check.ts';
import { checkServer } from '../status/server.ts';

const { cwd, server, esim } = await esimWithDemo();
chmodSync(join(cwd, 'data'), 0o700);

/** The states of the checks by name. */
async function states(): Promise<{ code: number; states: Record<string, string>; checks: Check[] }> {
  const { code, out } = await esim('status', '--json');
  const { checks } = JSON.parse(out) as { checks: Check[] };
  return { code, checks, states: Object.fromEntries(checks.map(({ name, state }) => [name, state])) };
}

test('a healthy server is ok in every check, and is found without any setting', async () => {
  const { code, states: found, checks } = await states();
  assert.equal(code, 0);
  assert.deepEqual(new Set(Object.values(found)), new Set(['ok']), JSON.stringify(checks));
  for (const name of ['server', 'clock', 'credentials', 'data folder', 'database', 'ci', 'dp-tls'])
    assert.ok(name in found, name);
  assert.ok(checks[0]?.detail.includes(server.restUrl), 'the real address, not that of the settings');
});

test('--ready checks the server only, for health checks', async () => {
  const { code, out } = await esim('status', '--ready', '--json');
  const { state, checks } = JSON.parse(out) as { state: string; checks: Check[] };
  assert.equal(code, 0);
  assert.equal(state, 'ok');
  assert.deepEqual(
    checks.map(({ name }) => name),
    ['server', 'clock'],
  );
  const env = { ESIM_URL: 'http://127.0.0.1:1' };
  assert.equal((await runEsim({ cwd: tmpdir(), env }, 'status', '--ready')).code, 1);
});

test('status finds the server although another one saved its address, or none did', async () => {
  rmSync(join(cwd, 'data', 'credentials.json'));
  const { states: found, checks } = await states();
  assert.deepEqual([found.server, found.credentials], ['ok', 'warning']);
  assert.match(checks.find(({ name }) => name === 'credentials')?.advice ?? '', /esim key create/);
});

test('a folder that others can read is a warning with what to do', async () => {
  chmodSync(join(cwd, 'data'), 0o755);
  const { code, out } = await esim('status');
  chmodSync(join(cwd, 'data'), 0o700);
  assert.equal(code, 0, 'a warning is no failure');
  assert.match(out, /warning {2}data folder {2}other users can read .*\n +chmod 700 /);
});

test('a key that others can read is a warning, and a missing one a failure', async () => {
  const key = join(cwd, 'data', 'pki', pkiFilePath('SK', 'dp-auth', 'P-256'));
  chmodSync(key, 0o644);
  assert.equal((await states()).states.keys, 'warning');
  rmSync(key);
  const { code, states: found, checks } = await states();
  assert.deepEqual([code, found['dp-auth'], found['dp-pb']], [1, 'failed', 'ok']);
  assert.match(checks.find(({ name }) => name === 'dp-auth')?.detail ?? '', /private key .* is missing/);
});

test('without a server, status fails, says where it looked and how to start one', async () => {
  const empty = mkdtempSync(join(tmpdir(), 'esim-status-'));
  const env = { ESIM_URL: 'http://127.0.0.1:1' };
  const { code, out } = await runEsim({ cwd: empty, env }, 'status');
  rmSync(empty, { recursive: true });
  assert.equal(code, 1);
  assert.match(
    out,
    /failed {3}server +http:\/\/127\.0\.0\.1:1 cannot be reached .*\n +start it with 'npm start'/,
  );
  assert.match(out, /skipped {2}data folder/);
});

test('a wrong setting is a failed check and no crash', async () => {
  const { code, out } = await runEsim({ cwd, env: { ESIM_HTTP_PORT: 'x' } }, 'status', '--json');
  assert.equal(code, 1);
  assert.equal(JSON.parse(out).checks[0].name, 'settings');
});

test('a server whose clock is wrong, or that is not ready, is found', async (t) => {
  const other = createServer((request, response) => {
    response.setHeader('Date', new Date(Date.now() + 3_600_000).toUTCString());
    response.setHeader('Content-Type', 'application/json');
    const isReady = request.url === '/readyz';
    response.statusCode = isReady ? 503 : 200;
    response.end(
      JSON.stringify(
        isReady ? { message: 'the disk is full' } : { name: 'esim-rsp', version: '1', smdp_address: 'x' },
      ),
    );
  });
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  t.after(() => other.close());
  const { port } = other.address() as { port: number };
  const { checks } = await checkServer(`http://127.0.0.1:${port}`);
  assert.deepEqual(
    checks.map(({ name, state }) => `${name} ${state}`),
    ['server failed', 'clock warning'],
  );
  assert.match(checks[0]?.detail ?? '', /cannot serve: the disk is full/);
  assert.match(checks[1]?.detail ?? '', /(3599|3600) seconds ahead/);
});

test('an error of the API is JSON with its code, request id and hint', async () => {
  const env = { ESIM_URL: server.restUrl, ESIM_USER_ID: 'no-such-user', ESIM_API_KEY: 'no-such-key' };
  const { code, out, err } = await runEsim({ cwd, env }, 'profile', 'list', '--json');
  assert.deepEqual([code, out], [1, '']);
  const { code: word, message, request_id, hint } = JSON.parse(err.trimEnd().split('\n').at(-1) ?? '');
  assert.equal(word, 'unauthorized');
  assert.match(message, /x-user-id and x-api-key/);
  assert.match(request_id, /^[0-9a-f-]{36}$/);
  assert.match(hint, /check ESIM_USER_ID/);
  const nowhere = await runEsim(
    { cwd, env: { ...env, ESIM_URL: 'http://127.0.0.1:1' } },
    'profile',
    'list',
    '--json',
  );
  assert.match(JSON.parse(nowhere.err).hint, /Start it with 'npm start'/);
});
