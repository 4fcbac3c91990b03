import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { sendNotifications } from '@esim-rsp/euicc';
import { runEsim } from '../../harness/esim.ts';
import { downloadBy, newPhone } from '../../harness/phone.ts';
import { released, subscription } from '../../harness/profiles.ts';
import { startReceiver, until } from '../../harness/receiver.ts';
import { account, type ServerProcess, spawnServer, startServer } from '../../harness/server.ts';
import { linesOf, metricsUrlOf, sumOf } from './lines.ts';

/** The metrics of a server and of one with workers, after real calls, downloads and deliveries. */

const token = 'a-token-for-these-tests';
const settings = {
  ESIM_BOOTSTRAP_USER_ID: 'an-account-name',
  ESIM_METRICS_PORT: '0',
  ESIM_METRICS_TOKEN: token,
  ESIM_WEBHOOK_ALLOW_PRIVATE: '1',
};
let server: ServerProcess;
before(async () => {
  server = await startServer(settings);
});
after(() => server[Symbol.asyncDispose]());

const scraped = (from = server) => linesOf(from, token);

/** Scrapes until it is so: answers are shared for a second. */
async function untilScraped(isSo: (lines: readonly string[]) => boolean, from = server): Promise<string[]> {
  let lines: string[] = [];
  await until(async () => {
    lines = await scraped(from);
    return isSo(lines);
  });
  return lines;
}

test('a download, its notification and its webhook are counted', async () => {
  await using receiver = await startReceiver();
  await server.api.createWebhook({ url: receiver.url, events: ['profile.installed'] });
  const profile = await released(server, { parameters: subscription(), profile_type: 'data' });
  await using phone = await newPhone(server);
  await downloadBy(phone, profile.activationCode);
  await sendNotifications(phone.env);
  await receiver.count(1);
  const lines = await untilScraped(
    (lines) =>
      sumOf(lines, /^esim_delivery_attempts_total\{target="webhook",outcome="delivered"/) === 1 &&
      sumOf(lines, /^esim_profile_events_total\{event="profile.installed"/) === 1,
  );
  for (const name of ['initiateAuthentication', 'authenticateClient', 'getBoundProfilePackage'])
    assert.equal(
      sumOf(lines, new RegExp(`^esim_calls_total\\{interface="ES9\\+",function="${name}",code="ok"`)),
      1,
    );
  assert.ok(sumOf(lines, /^esim_calls_total\{interface="ES9\+",function="handleNotification",code="ok"/) > 0);
  assert.equal(
    sumOf(lines, /^esim_calls_total\{interface="REST",function="createEUICCProfile",code="201"/),
    1,
  );
  assert.ok(sumOf(lines, /^esim_call_duration_seconds_count\{.*authenticateClient/) === 1);
  assert.equal(sumOf(lines, /^esim_delivery_duration_seconds_count\{target="webhook"/), 1);
  assert.equal(sumOf(lines, /^esim_profile_events_total\{event="profile.downloaded"/), 1);
  assert.equal(sumOf(lines, /^esim_stock_profiles\{profile_type="data"\}/), 0);
  assert.equal(sumOf(lines, /^esim_ready /), 1);
});

test('a refused call has the status code of SGP.22, and a refused operation its HTTP status', async () => {
  await using phone = await newPhone(server);
  await assert.rejects(downloadBy(phone, `LPA:1$${server.smdpAddress}$NOBODY-KNOWS-THIS`));
  await assert.rejects(server.api.getEUICCProfile('8988201999999999995'));
  await fetch(`${server.restUrl}/no/such/path/8988201999999999995`);
  await untilScraped(
    (lines) =>
      sumOf(lines, /^esim_calls_total\{.*function="authenticateClient",code="8.2.6\/3.8"/) === 1 &&
      sumOf(lines, /^esim_calls_total\{.*function="getEUICCProfile",code="404"/) === 1 &&
      sumOf(lines, /^esim_calls_total\{interface="REST",function="unknown",code="404"/) === 1,
  );
});

test('a TLS handshake that fails is counted', async () => {
  await assert.rejects(fetch(server.es9Url.replace('https:', 'http:')));
  await untilScraped((lines) => sumOf(lines, /^esim_tls_handshakes_failed_total\{interface="ES9\+"/) > 0);
});

test('a backup is known from then on', async () => {
  const began = Date.now() / 1000 - 1;
  assert.equal(sumOf(await scraped(), /^esim_backup_last_timestamp_seconds /), 0);
  const file = `${server.dataDir}-backup.tar`;
  const { code, err } = await runEsim(
    { cwd: server.dataDir, env: { ESIM_DATA_DIR: server.dataDir } },
    'backup',
    file,
  );
  assert.equal(code, 0, err);
  rmSync(file);
  await untilScraped((lines) => sumOf(lines, /^esim_backup_last_timestamp_seconds /) >= began);
});

test('no line has an ICCID, EID, account, activation code or address of a caller', async () => {
  const text = (await scraped()).join('\n');
  assert.match(text, /esim_calls_total/);
  assert.doesNotMatch(text, /89\d{17}/);
  for (const secret of [settings.ESIM_BOOTSTRAP_USER_ID, account.ESIM_BOOTSTRAP_API_KEY, token, '127.0.0.1'])
    assert.ok(!text.includes(secret), secret);
});

test('without the token there are no metrics, and they are not part of the REST API', async () => {
  assert.equal((await fetch(metricsUrlOf(server))).status, 401);
  assert.equal((await fetch(`${server.restUrl}/metrics`)).status, 404);
});

test('one scrape shows all workers, and a worker that was killed and started again', async () => {
  await using many = await startServer({ ...settings, ESIM_WORKERS: '2', ESIM_LOG_LEVEL: 'info' });
  for (let i = 0; i < 8; i++)
    await fetch(`${many.restUrl}/api/v1/status`, { headers: { connection: 'close' } });
  const status = (worker: string) =>
    new RegExp(`^esim_calls_total\\{interface="REST",function="getStatus",.*worker="${worker}"`);
  const lines = await untilScraped(
    (lines) => sumOf(lines, status('1')) + sumOf(lines, status('2')) === 8,
    many,
  );
  assert.ok(sumOf(lines, status('1')) > 0 && sumOf(lines, status('2')) > 0);
  assert.equal(sumOf(lines, /^esim_workers_running /), 2);
  assert.equal(lines.filter((line) => /^esim_ready /.test(line)).length, 1);
  for (const worker of ['main', '1', '2'])
    assert.ok(sumOf(lines, new RegExp(`^process_cpu_seconds_total\\{worker="${worker}"\\}`)) > 0);
  const pid = Number(/"worker":2,"worker_pid":(\d+)/.exec(many.log())?.[1] ?? assert.fail(many.log()));
  process.kill(pid, 'SIGSTOP');
  const began = performance.now();
  const without = await untilScraped((lines) => sumOf(lines, status('2')) === 0, many);
  assert.ok(sumOf(without, status('1')) > 0, 'a worker that hangs costs its own lines only');
  assert.ok(performance.now() - began < 10_000);
  process.kill(pid, 'SIGKILL');
  await untilScraped(
    (lines) =>
      sumOf(lines, /^esim_worker_restarts_total /) === 1 &&
      sumOf(lines, /^process_cpu_seconds_total\{worker="2"\}/) > 0,
    many,
  );
});

for (const [what, more, message] of [
  [
    'other machines need a token',
    { ESIM_METRICS_HOST: '0.0.0.0', ESIM_METRICS_TOKEN: '' },
    /ESIM_METRICS_TOKEN/,
  ],
  ['a port in use is named', {}, /set ESIM_METRICS_PORT to another port/],
] as const)
  test(`metrics that cannot be served stop the start: ${what}`, async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    const used = { ...settings, ESIM_METRICS_PORT: String(port), ...more };
    const folder = mkdtempSync(join(tmpdir(), 'esim-metrics-'));
    const child = spawnServer({ ...used, ESIM_DATA_DIR: folder });
    let err = '';
    child.stderr?.on('data', (piece) => {
      err += piece;
    });
    const [code] = await once(child, 'close');
    other.close();
    rmSync(folder, { recursive: true });
    assert.equal(code, 1);
    assert.match(err, message);
  });
