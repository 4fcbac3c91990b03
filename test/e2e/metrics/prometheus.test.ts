import assert from 'node:assert/strict';
import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { runEsim } from '../../harness/esim.ts';
import { freePort } from '../../harness/free-port.ts';
import { downloadBy, newPhone } from '../../harness/phone.ts';
import { released, subscription } from '../../harness/profiles.ts';
import { type ServerProcess, startServer } from '../../harness/server.ts';
import { linesOf, metricsUrlOf } from './lines.ts';

/** The alerts and the dashboard of deploy/prometheus, by the tools of Prometheus, and a real Prometheus that scrapes a server. */

const folder = join(import.meta.dirname, '../../../deploy/prometheus');
const token = 'a-token-for-these-tests';
const isInstalled = (name: string) => spawnSync(name, ['--version']).error === undefined;
const needs = (name: string) => ({
  skip: !isInstalled(name) && `${name} is not installed (Debian's package prometheus)`,
});

type Dashboard = {
  readonly panels: readonly { readonly targets?: readonly { readonly expr: string }[] }[];
};

/** The expressions of the dashboard, as they are when all servers are shown. */
function dashboardExpressions(): string[] {
  const { panels } = JSON.parse(readFileSync(join(folder, 'grafana-dashboard.json'), 'utf8')) as Dashboard;
  return panels
    .flatMap(({ targets = [] }) => targets.map(({ expr }) => expr))
    .map((expr) => expr.replaceAll('$instance', '.*').replaceAll('$__rate_interval', '1m'));
}

const run = promisify(execFile);
const promtool = (args: string[]) => run('promtool', args, { encoding: 'utf8' });

test('the alerts and the example of a configuration are valid', needs('promtool'), async () => {
  await promtool(['check', 'config', join(folder, 'prometheus.yaml')]);
  const { stdout } = await promtool(['check', 'rules', join(folder, 'alerts.yaml')]);
  assert.match(stdout, /SUCCESS: 2\d rules found/);
});

test(
  'each alert fires on the series that it is for, and not on those of a healthy server',
  needs('promtool'),
  async () => {
    await promtool(['test', 'rules', join(folder, 'alerts.test.yaml')]);
    const alerts = namesIn('alerts.yaml', /alert: (\w+)/g);
    const tested = new Set(namesIn('alerts.test.yaml', /alertname(?:: |=")(\w+)/g));
    assert.ok(alerts.length >= 20);
    assert.deepEqual(
      alerts.filter((alert) => !tested.has(alert)),
      [],
    );
  },
);

function namesIn(file: string, pattern: RegExp): string[] {
  const text = readFileSync(join(folder, file), 'utf8');
  return [...text.matchAll(pattern)].map(([, name]) => name as string);
}

test('all metrics of the alerts and the dashboard exist', async () => {
  await using server = await startServer({
    ESIM_METRICS_PORT: '0',
    ESIM_METRICS_TOKEN: token,
    ESIM_WORKERS: '2',
  });
  await server.api.listEUICCProfiles();
  const known = new Set(
    (await linesOf(server, token)).flatMap((line) => /^# TYPE (\S+)/.exec(line)?.[1] ?? []),
  );
  const text = [readFileSync(join(folder, 'alerts.yaml'), 'utf8'), ...dashboardExpressions()].join('\n');
  const used = new Set(text.match(/\b(?:esim|nodejs|process)_[a-z0-9_]+/g));
  assert.ok(used.size > 20);
  const names = [...used].map((name) => name.replace(/_bucket$/, ''));
  assert.deepEqual(
    names.filter((name) => !known.has(name)),
    [],
  );
});

/** A Prometheus that scrapes the server every second; the alerts do not wait. */
async function startPrometheus(server: ServerProcess) {
  const home = mkdtempSync(join(tmpdir(), 'esim-prometheus-'));
  const alerts = readFileSync(join(folder, 'alerts.yaml'), 'utf8').replace(/^ +for: .*\n/gm, '');
  const config = readFileSync(join(folder, 'prometheus.yaml'), 'utf8')
    .replaceAll('15s', '1s')
    .replace('127.0.0.1:9464', new URL(metricsUrlOf(server)).host)
    .replace('# authorization:', 'authorization:')
    .replace(/# +credentials_file: .*/, `  credentials_file: ${join(home, 'token')}`);
  for (const [name, content] of Object.entries({ token, 'alerts.yaml': alerts, 'prometheus.yaml': config }))
    writeFileSync(join(home, name), content);
  const port = await freePort();
  const child = spawn(
    'prometheus',
    [`--config.file=prometheus.yaml`, '--storage.tsdb.path=data', `--web.listen-address=127.0.0.1:${port}`],
    { cwd: home, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let log = '';
  child.stderr.on('data', (piece) => {
    log += piece;
  });
  const ask = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${port}/api/v1/${path}`).catch(() => undefined);
    return (await response?.json().catch(() => undefined)) as { status: string; data: never } | undefined;
  };
  return {
    log: () => log,
    query: async (expr: string) => {
      const answer = await ask(`query?query=${encodeURIComponent(expr)}`);
      return answer as { status: string; data: { result: { value: [number, string] }[] } } | undefined;
    },
    firing: async () => {
      const answer = await ask('alerts');
      const { alerts = [] } = (answer?.data ?? {}) as { alerts?: Alert[] };
      const names = alerts.filter(({ state }) => state === 'firing').map(({ labels }) => labels.alertname);
      return [...new Set(names)].sort();
    },
    [Symbol.asyncDispose]: async () => {
      child.kill();
      await once(child, 'exit');
      rmSync(home, { recursive: true });
    },
  };
}

type Alert = { readonly state: string; readonly labels: { readonly alertname: string } };

test('a real Prometheus scrapes the server, and its alerts say what is so', needs('prometheus'), async () => {
  const settings = { ESIM_METRICS_PORT: '0', ESIM_METRICS_TOKEN: token };
  let server = await startServer(settings);
  await using prometheus = await startPrometheus(server);
  const eventually = async (what: string, isSo: () => Promise<boolean>) => {
    for (let i = 0; i < 300; i++) {
      if (await isSo()) return;
      await sleep(100);
    }
    assert.fail(`${what}: ${await prometheus.firing()}\n${prometheus.log()}`);
  };
  const firing = async (...names: string[]) => (await prometheus.firing()).join() === names.join();
  const numberOf = async (expr: string) => Number((await prometheus.query(expr))?.data.result[0]?.value[1]);

  await eventually('it scrapes', async () => (await numberOf('up')) === 1);
  await eventually('there is no backup', () => firing('EsimBackupMissing'));
  const file = `${server.dataDir}-backup.tar`;
  await runEsim({ cwd: server.dataDir, env: { ESIM_DATA_DIR: server.dataDir } }, 'backup', file);
  rmSync(file);
  await eventually('there is a backup', () => firing());

  const profile = await released(server, { parameters: subscription(), profile_type: 'data' });
  await using phone = await newPhone(server);
  await downloadBy(phone, profile.activationCode);
  await eventually(
    'the download is counted',
    async () => (await numberOf('sum(esim_profile_events_total{event="profile.downloaded"})')) === 1,
  );
  await eventually('the stock is low', () => firing('EsimStockLow'));

  for (const expr of dashboardExpressions()) {
    const answer = await prometheus.query(expr);
    assert.equal(answer?.status, 'success', expr);
  }
  const readable = 'count({__name__=~"esim_.*"})';
  assert.ok((await numberOf(readable)) > 100);

  await server.close();
  await eventually('the server is down', async () => (await prometheus.firing()).includes('EsimDown'));
  const port = new URL(metricsUrlOf(server)).port;
  server = await startServer({ ...settings, ESIM_DATA_DIR: server.dataDir, ESIM_METRICS_PORT: port });
  await eventually('it is up again', async () => !(await prometheus.firing()).includes('EsimDown'));
  await server.close();
  rmSync(server.dataDir, { recursive: true });
});
