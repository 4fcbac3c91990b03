import assert from 'node:assert/strict';
import { execFile, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { writeTarball } from '../../../scripts/package/tarball.ts';
import { writeTree } from '../../../scripts/package/tree.ts';

const run = promisify(execFile);
const skip = process.platform === 'linux' ? false : 'packages are made on Linux only';

const folder = mkdtempSync(join(tmpdir(), 'esim-tarball-'));
after(() => rmSync(folder, { recursive: true, force: true }));
let file = '';
/** The unpacked tarball. */
let unpacked = '';

before(() => {
  if (skip) return;
  writeTree(join(folder, 'tree'));
  file = writeTarball(join(folder, 'tree'), join(folder, 'out'));
  mkdirSync(join(folder, 'empty'));
  execFileSync('tar', ['-xzf', file, '-C', join(folder, 'empty')]);
  unpacked = join(folder, 'empty', readdirSync(join(folder, 'empty'))[0] ?? '');
});

test('the same sources give the same octets', { skip }, () => {
  writeTree(join(folder, 'again'));
  const again = writeTarball(join(folder, 'again'), join(folder, 'out-again'));
  assert.ok(readFileSync(again).equals(readFileSync(file)));
  assert.equal(basename(again), basename(file));
});

test('checksums of the tarball and of every file in it', { skip }, async () => {
  await run('sha256sum', ['--check', `${basename(file)}.sha256`], { cwd: join(folder, 'out') });
  await run('sha256sum', ['--check', '--quiet', 'SHA256SUMS'], { cwd: unpacked });
  const listed = readFileSync(join(unpacked, 'SHA256SUMS'), 'utf8').trim().split('\n').length;
  const { stdout } = await run('find', ['.', '-type', 'f'], { cwd: unpacked });
  assert.equal(listed + 1, stdout.trim().split('\n').length, 'the list does not have itself');
});

test('only the two programs are executable, and others may only read', { skip }, async () => {
  const { stdout } = await run('find', ['.', '-type', 'f', '-perm', '/111'], { cwd: unpacked });
  assert.deepEqual(stdout.trim().split('\n').sort(), ['./bin/node', './esim']);
  assert.equal(statSync(join(unpacked, 'LICENSE')).mode & 0o777, 0o644);
});

test('the licence of every package in it is listed, with its text', { skip }, async () => {
  const { stdout } = await run('find', ['node_modules', '-name', 'package.json'], { cwd: unpacked });
  const manifests = stdout
    .trim()
    .split('\n')
    .map((path) => ({ path, ...JSON.parse(readFileSync(join(unpacked, path), 'utf8')) }))
    .filter(({ name, version }) => name !== undefined && version !== undefined);
  assert.ok(manifests.length > 60, `${manifests.length}`);
  const page = readFileSync(join(unpacked, 'LICENCES.md'), 'utf8');
  for (const { name, version, path } of manifests.filter(({ name }) => !name.startsWith('@esim-rsp/'))) {
    const part = path.replaceAll(/(^|\/)node_modules\//g, '$1').replace('/package.json', '');
    if (!part.endsWith(name)) continue; // a folder inside a package
    assert.ok(page.includes(`| ${part} | ${version} | `), part);
    const [, text = ''] = page.split(`## ${part} ${version}\n`);
    assert.match(text.split('\n```\n\n## ')[0] ?? '', /copyright|\(c\)|by /i, part);
  }
  assert.match(page, /## Node\.js 26[\s\S]*OpenSSL[\s\S]*V8/);
  assert.doesNotMatch(page, /\| {2}\|/, 'a licence is missing');
});

/** A network of its own with nothing in it, which only root may create. */
const isolated = spawnSync('unshare', ['--net', 'ip', 'link', 'set', 'lo', 'up']).status === 0;

test('unpacked in an empty folder it serves a download, without a network, PATH and HOME', {
  skip: skip || (!isolated && 'no network namespace can be created here'),
}, async () => {
  const at = join(folder, 'empty');
  const esim = join(unpacked, 'esim');
  const start = `ip link set lo up && cd ${at} && exec env -i ESIM_LOG_LEVEL=warn ${esim} serve --demo`;
  const server = spawn('unshare', ['--net', '/bin/sh', '-c', start]);
  try {
    let [out, err] = ['', ''];
    server.stderr.on('data', (piece) => {
      err += piece;
    });
    for await (const piece of server.stdout) {
      out += piece;
      if (out.includes('npx esim profile list')) break;
    }
    const [code = assert.fail(out + err)] = /LPA:1\$\S+/.exec(out) ?? [];
    const inside = ['--target', `${server.pid}`, '--net', `--wd=${at}`, 'env', '-i', esim];
    const phone = await run('nsenter', [...inside, 'phone', 'download', code], { cwd: at });
    assert.match(phone.stdout + phone.stderr, /The profile \d+ is on the phone/);
    const list = await run('nsenter', [...inside, 'profile', 'list'], { cwd: at });
    assert.match(list.stdout, /INSTALLED/);
    const exit = once(server, 'exit');
    server.kill('SIGTERM');
    assert.deepEqual(await exit, [0, null], err);
  } finally {
    server.kill('SIGKILL');
  }
});

test('a link to the command works from everywhere', { skip }, async () => {
  const link = join(folder, 'linked');
  await run('ln', ['-s', join(unpacked, 'esim'), link]);
  const { stdout } = await run(link, ['--version'], { cwd: '/' });
  assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
});
