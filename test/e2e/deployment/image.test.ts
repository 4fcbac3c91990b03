import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { until } from '../../harness/receiver.ts';
import { withoutDebian } from './debian-root.ts';
import { buildImage, copyContext, type Image, readDockerfile } from './dockerfile.ts';

/** There is no container engine here: the instructions of the Dockerfile are carried out one after the other in folders. */

const ROOT = join(import.meta.dirname, '../../..');
const run = promisify(execFile);
const instructions = readDockerfile(join(ROOT, 'Dockerfile'));
const textOf = (name: string) => instructions.filter((one) => one.name === name).map(({ text }) => text);

test('the image runs without root, ends on SIGTERM, checks its health, and copies no secrets', () => {
  assert.match(
    textOf('USER').at(-1) ?? '',
    /^[1-9]\d+:[1-9]\d+$/,
    'a number, so that Kubernetes can check it',
  );
  assert.deepEqual(textOf('STOPSIGNAL'), ['SIGTERM']);
  assert.match(textOf('HEALTHCHECK')[0] ?? '', /esim", "status", "--ready"\]$/);
  assert.deepEqual(textOf('CMD'), ['["serve"]']);
  assert.equal(textOf('FROM').length, 2);
  for (const { name, text } of instructions)
    assert.doesNotMatch(text, /secret|password|api_key|token/i, `${name} ${text}`);
});

test('what .dockerignore takes has no data, no history and no .env', () => {
  const repository = mkdtempSync(join(tmpdir(), 'esim-context-'));
  try {
    writeFileSync(join(repository, '.dockerignore'), readFileSync(join(ROOT, '.dockerignore')));
    const names = readFileSync(join(ROOT, '.dockerignore'), 'utf8').match(/(?<=^!).*$/gm) ?? [];
    for (const name of names)
      if (/^\.|\.(?:md|json)$|LICENSE/.test(name)) writeFileSync(join(repository, name), '');
      else mkdirSync(join(repository, name), { recursive: true });
    for (const secret of [
      '.env',
      'packages/.env',
      'data/esim.db',
      '.git/config',
      'deploy/compose/secrets/database-url',
      'deploy/compose/pki/key.pem',
      'node_modules/a',
      'packages/cli/dist/a',
    ]) {
      mkdirSync(join(repository, secret, '..'), { recursive: true });
      writeFileSync(join(repository, secret), 'secret');
    }
    mkdirSync(join(repository, 'context'));
    copyContext(repository, join(repository, 'context'));
    const copied = readdirSync(join(repository, 'context'), { recursive: true, withFileTypes: true });
    const files = copied.filter((entry) => entry.isFile());
    assert.ok(files.length >= 6);
    for (const file of files)
      assert.equal(readFileSync(join(file.parentPath, file.name), 'utf8'), '', file.name);
  } finally {
    rmSync(repository, { recursive: true });
  }
});

test('every step of the Dockerfile works, and the image serves a download with a read-only root', {
  timeout: 900_000, // npm ci, the compiler and apt-get are among the steps
}, async (t) => {
  const missing = withoutDebian();
  if (missing) return t.skip(missing);
  const context = mkdtempSync(join(tmpdir(), 'esim-context-'));
  try {
    copyContext(ROOT, context);
    using image = buildImage(instructions, context, (base) =>
      base.startsWith('node:') ? 'machine' : 'debian',
    );
    await checkImage(image);
  } finally {
    rmSync(context, { recursive: true, force: true });
  }
});

async function checkImage(image: Image): Promise<void> {
  assert.ok(!existsSync(join(image.root.changes, 'opt/esim-rsp/node_modules/typescript')), 'no compiler');
  const size = Number(image.root.run('du -sm --exclude=/proc --exclude=/dev / | cut -f1'));
  assert.ok(size < 400, `the image has ${size} MB`);
  const folder = mkdtempSync(join(tmpdir(), 'esim-container-'));
  chmodSync(folder, 0o755);
  const data = join(folder, 'data');
  mkdirSync(join(folder, 'root'));
  mkdirSync(data, { mode: 0o700 });
  const [uid = 0, gid = 0] = image.user.split(':').map(Number);
  chownSync(data, uid, gid);
  const inside = join(folder, 'root');
  const set = Object.entries({ PATH: '/usr/local/bin:/usr/bin:/bin', ...image.env }).map(
    ([key, value]) => `${key}=${value}`,
  );
  const command = (args: readonly string[]) =>
    [
      'chroot',
      `--userspec=${image.user}`,
      inside,
      '/usr/bin/env',
      '-i',
      `--chdir=${image.workdir}`,
      ...set,
      ...args,
    ].join(' ');
  const mounts = [
    image.root.mount(inside, true),
    `mount -t tmpfs tmpfs ${inside}/tmp`,
    `mount --bind ${data} ${inside}${image.workdir}`,
    'ip link set lo up',
  ];
  // In a process namespace the server is process 1, as in a container.
  const container = spawn('unshare', [
    '--mount',
    '--net',
    '--pid',
    '--fork',
    '--kill-child',
    'sh',
    '-c',
    `${mounts.join(' && ')} && exec ${command([...image.start, '--demo'])}`,
  ]);
  try {
    let [out, err] = ['', ''];
    container.stdout.on('data', (piece) => {
      out += piece;
    });
    container.stderr.on('data', (piece) => {
      err += piece;
    });
    await until(() => out.includes('npx esim profile list') || container.exitCode !== null);
    assert.equal(container.exitCode, null, err);
    const pid = readFileSync(`/proc/${container.pid}/task/${container.pid}/children`, 'utf8').trim();
    assert.match(readFileSync(`/proc/${pid}/status`, 'utf8'), new RegExp(`^NSpid:\\s+${pid}\\s+1$`, 'm'));
    assert.match(
      readFileSync(`/proc/${pid}/status`, 'utf8'),
      new RegExp(`^Uid:\\s+${uid}\\s+${uid}\\s`, 'm'),
    );
    const execute = (...args: string[]) =>
      run('nsenter', [
        '--target',
        pid,
        '--mount',
        '--net',
        '--pid',
        'sh',
        '-c',
        command(args.map((arg) => `'${arg}'`)),
      ]);
    const health = await execute(...image.healthCheck);
    assert.match(health.stdout, /^ok +server /);
    const [code = assert.fail(out)] = /LPA:1\$\S+/.exec(out) ?? [];
    const phone = await execute('esim', 'phone', 'download', code);
    assert.match(phone.stdout + phone.stderr, /The profile \d+ is on the phone/);
    await assert.rejects(execute('touch', '/opt/esim-rsp/x'), /Read-only file system/);
    await assert.rejects(execute('/opt/esim-rsp/esim', 'status', '--ready', '--url', 'http://127.0.0.1:1'));
    const exit = once(container, 'exit');
    process.kill(Number(pid), 'SIGTERM');
    assert.deepEqual(await exit, [0, null], err);
  } finally {
    container.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}
