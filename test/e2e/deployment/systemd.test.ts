import assert from 'node:assert/strict';
import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';

const UNIT = readFileSync(join(import.meta.dirname, '../../../deploy/systemd/esim-rsp.service'), 'utf8');
const PROGRAM = '/opt/esim-rsp/esim';
/** The highest exposure, of 100, that systemd-analyze may find in the unit. */
const MOST_EXPOSURE = 15;

/** Runs systemd-analyze on the unit, with a program that exists on this machine. */
function analyze(unit: string, ...args: string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'esim-unit-'));
  const file = join(folder, 'esim-rsp.service');
  try {
    writeFileSync(file, unit.replace(PROGRAM, process.execPath));
    return spawnSync('systemd-analyze', [...args, file], { encoding: 'utf8' });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const skip = analyze(UNIT, '--version').error !== undefined && 'systemd-analyze is not installed';

test('the unit of systemd is valid', { skip }, () => {
  assert.ok(UNIT.includes(`ExecStart=${PROGRAM} serve\n`));
  const { stderr, status } = analyze(UNIT, 'verify');
  assert.deepEqual([status, stderr.split('\n').filter((line) => line.includes('esim-rsp'))], [0, []]);
  assert.match(analyze(UNIT.replace('Type=', 'Typo='), 'verify').stderr, /Unknown key (?:name )?'Typo'/);
});

test('the unit leaves the server few rights', { skip }, () => {
  const security = ['security', '--offline=yes', `--threshold=${MOST_EXPOSURE}`];
  const { stdout, status } = analyze(UNIT, ...security);
  assert.equal(status, 0, stdout);
  const weaker = analyze(UNIT.replace('SystemCallFilter=@system-service\n', ''), ...security);
  assert.notEqual(weaker.status, 0, 'the threshold is close');
  assert.match(UNIT, /^LimitCORE=0$/m);
});

test('the unit leaves the server more time to stop than it needs', () => {
  const stop = /^TimeoutStopSec=(\d+)$/m.exec(UNIT)?.[1];
  assert.ok(Number(stop) > 10, 'ESIM_DRAIN_SECONDS is 10 by default');
});

/** The system calls of a group of systemd, with those of the groups in it. */
function callsOf(group: string): Set<string> {
  const { stdout } = spawnSync('systemd-analyze', ['syscall-filter', group], { encoding: 'utf8' });
  const names = stdout.split('\n').map((line) => line.trim());
  return new Set(
    names
      .filter((name) => /^@?[a-z0-9_-]+$/.test(name) && name !== group)
      .flatMap((name) => (name.startsWith('@') ? [...callsOf(name)] : [name])),
  );
}

/** What the filters of the unit allow: each line adds calls, or takes them away if it begins with ~. */
function allowedCalls(): Set<string> {
  return Array.from(UNIT.matchAll(/^SystemCallFilter=(~?)(.*)$/gm)).reduce(
    (allowed, [, minus, groups = '']) => {
      const calls = new Set(groups.split(' ').flatMap((group) => [...callsOf(group)]));
      return minus === '~' ? allowed.difference(calls) : allowed.union(calls);
    },
    new Set<string>(),
  );
}

const canTrace = spawnSync('strace', ['-f', '-c', '-o', '/dev/null', 'true']).status === 0;

test('the system calls of a server that serves a download are among those that the unit allows', {
  skip: skip || (!canTrace && 'strace is not installed, or may not be used'),
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'esim-calls-'));
  const main = join(import.meta.dirname, '../../../packages/cli/src/main.ts');
  const ports = { ESIM_HTTP_PORT: '0', ESIM_ES9_PORT: '0', ESIM_ES2_PORT: '0', ESIM_LOG_LEVEL: 'warn' };
  const env = { PATH: process.env.PATH, ...ports, ESIM_DATA_DIR: join(folder, 'data') };
  const trace = ['-f', '-qq', '-c', '-o', join(folder, 'calls')];
  const server = spawn('strace', [...trace, process.execPath, main, 'serve', '--demo'], { cwd: folder, env });
  try {
    let out = '';
    for await (const piece of server.stdout) {
      out += piece;
      if (out.includes('npx esim profile list')) break;
    }
    const [code = assert.fail(out)] = /LPA:1\$\S+/.exec(out) ?? [];
    await promisify(execFile)(process.execPath, [main, 'phone', 'download', code], { cwd: folder, env });
    const { pid } = JSON.parse(readFileSync(join(folder, 'data/server.json'), 'utf8'));
    const exit = once(server, 'exit');
    process.kill(pid, 'SIGTERM');
    await exit;
    const used = Array.from(
      readFileSync(join(folder, 'calls'), 'utf8').matchAll(/^ *[\d.]+ .* ([a-z]\w+)$/gm),
      ([, name = '']) => name,
    ).filter((name) => name !== 'total');
    assert.ok(used.includes('accept4') && used.length > 30, used.join(' '));
    const allowed = allowedCalls();
    assert.deepEqual(
      used.filter((name) => !allowed.has(name)),
      [],
    );
  } finally {
    server.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
});
