import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { runEsim } from '../../harness/esim.ts';
import { until } from '../../harness/receiver.ts';
import { startServer } from '../../harness/server.ts';

/** The life of a server process: what its service manager sends, and what it sends to the service manager. */

const isInstalled = (name: string) => spawnSync(name, ['--version']).error === undefined;

/** Prints each datagram that arrives at a Unix socket. */
const RECEIVER = `
import socket, sys
receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
receiver.bind(sys.argv[1])
print('listens', flush=True)
while True: print(receiver.recv(4096).decode().replace(chr(10), ' '), flush=True)
`;

const needs = ['systemd-notify', 'python3'].filter((name) => !isInstalled(name));

test('systemd learns when the server serves and stops, and its watchdog is answered', {
  skip: needs.length > 0 && `${needs.join(' and ')} is not installed`,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'esim-systemd-'));
  const socket = join(folder, 'notify');
  const receiver = spawn('python3', ['-c', RECEIVER, socket], { stdio: ['ignore', 'pipe', 'inherit'] });
  let received = '';
  receiver.stdout.on('data', (piece) => {
    received += piece;
  });
  const count = (pattern: RegExp) => received.match(pattern)?.length ?? 0;
  await until(() => received.includes('listens'));
  const server = await startServer({ NOTIFY_SOCKET: socket, WATCHDOG_USEC: '1500000' });
  await until(() => count(/READY=1/g) === 1 && count(/WATCHDOG=1/g) >= 2);
  assert.match(received, /STATUS=serves https:\/\/localhost:\d+ and http:\/\/127\.0\.0\.1:\d+/);
  await server.close();
  await until(() => count(/STOPPING=1/g) === 1);
  assert.equal(server.log(), '');
  receiver.kill();
  await once(receiver, 'exit');
  for (const each of [folder, server.dataDir]) rmSync(each, { recursive: true });
});

test('a service manager that cannot be notified is a warning, and the server serves', async () => {
  await using server = await startServer({ NOTIFY_SOCKET: '/nowhere/notify', PATH: '/nowhere' });
  await until(() => server.log().includes('systemd'));
  assert.match(server.log(), /^esim: systemd cannot be notified, because systemd-notify failed \(.*\)\n$/);
  assert.equal((await fetch(`${server.restUrl}/healthz`)).status, 200);
});

for (const workers of [1, 2])
  test(`SIGHUP without a terminal reads changed certificates at once, and the server continues: ${workers} process(es)`, async () => {
    await using server = await startServer({ ESIM_LOG_LEVEL: 'info', ESIM_WORKERS: String(workers) });
    const count = (text: string) => server.log().split(text).length - 1;
    process.kill(server.pid, 'SIGHUP');
    await until(() => count('looks whether the certificates of TLS have changed') === workers);
    assert.equal(count('read the TLS certificate of ES9+ and ES2+ again'), 0);
    const { code, err } = await runEsim(
      { cwd: server.dataDir, env: { ESIM_DATA_DIR: server.dataDir } },
      'pki',
      'renew',
    );
    assert.equal(code, 0, err);
    process.kill(server.pid, 'SIGHUP');
    await until(() => count('read the TLS certificate of ES9+ and ES2+ again') === workers);
    assert.equal((await fetch(`${server.restUrl}/healthz`)).status, 200);
  });

for (const workers of [1, 2])
  test(`SIGUSR2 changes the level of the log and changes it back: ${workers} process(es)`, async () => {
    await using server = await startServer({ ESIM_LOG_LEVEL: 'warn', ESIM_WORKERS: String(workers) });
    const processes = workers === 1 ? 1 : 3;
    const count = (level: string) =>
      server.log().split(`the log has the level ${level} from now on`).length - 1;
    process.kill(server.pid, 'SIGUSR2');
    await until(() => count('debug') === processes);
    process.kill(server.pid, 'SIGHUP');
    await until(() => server.log().split('looks whether the certificates').length - 1 === workers);
    process.kill(server.pid, 'SIGUSR2');
    await until(() => count('warn') === processes);
  });

const onLinux = {
  skip: !(process.platform === 'linux' && isInstalled('script')) && 'it needs the program script',
};

for (const workers of ['1', '2'])
  test(
    `a server in a terminal writes for people, and stops cleanly when the terminal is closed: ${workers} process(es)`,
    onLinux,
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'esim-terminal-'));
      const main = join(import.meta.dirname, '../../../packages/cli/src/main.ts');
      const terminal = spawn('script', ['-qec', `${process.execPath} ${main} serve`, '/dev/null'], {
        cwd: folder,
        env: {
          PATH: process.env.PATH,
          ESIM_DATA_DIR: folder,
          ESIM_WORKERS: workers,
          ESIM_HTTP_PORT: '0',
          ESIM_ES9_PORT: '0',
          ESIM_ES2_PORT: '0',
        },
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      let shown = '';
      terminal.stdout.on('data', (piece) => {
        shown += piece;
      });
      await until(() => shown.includes('is running'));
      assert.match(
        shown,
        /^(?:\d\d:\d\d:\d\d (?:info|warn|error) {1,2}[^{}\r]*\r\n)+\r\nesim-rsp/,
        'lines for people, and then the banner',
      );
      assert.match(shown, /^\d\d:\d\d:\d\d info {2}created a test PKI: .* folder=\S+/m);
      assert.doesNotMatch(shown, /"level":/);
      assert.match(shown, /Store +SQLite in .*For tests only:\r\n {2}- the PKI is a test PKI/s);
      const marker = join(folder, 'server.json');
      assert.ok(existsSync(marker));
      terminal.kill('SIGKILL'); // the other end of the terminal is gone: the kernel sends SIGHUP
      await until(() => !existsSync(marker));
      rmSync(folder, { recursive: true });
    },
  );
