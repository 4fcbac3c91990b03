import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import {
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';

const ROOT = join(import.meta.dirname, '../../..');
const run = promisify(execFile);
const OURS = '@esim-rsp';

let project = '';
before(async () => {
  project = await installed();
});
after(() => rmSync(project, { recursive: true, force: true }));

/** A project with the publishable packages in it, compiled, and what they depend on: what npm would install, without asking it. */
async function installed(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'esim-rsp-cli-'));
  const modules = join(folder, 'node_modules');
  mkdirSync(join(modules, OURS), { recursive: true });
  for (const name of readdirSync(join(ROOT, 'node_modules')))
    if (name !== OURS && !name.startsWith('.'))
      symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  const names = globSync('*/package.json', { cwd: join(ROOT, 'packages') }).map(
    (path) => path.split('/')[0] ?? '',
  );
  const needed = names.filter((name) => name !== 'sdk'); // another test builds that one at the same time
  await run(process.execPath, ['scripts/build.ts', ...needed], { cwd: ROOT });
  for (const name of needed)
    cpSync(join(ROOT, 'packages', name, 'dist'), join(modules, OURS, name), { recursive: true });
  symlinkSync(join(ROOT, 'packages/sdk'), join(modules, OURS, 'sdk'));
  return folder;
}

const command = () => join(project, 'node_modules', OURS, 'cli/bin/esim.js');

test('the published command runs, and has no source in it', async () => {
  const { stdout } = await run(process.execPath, [command(), '--version'], { cwd: project });
  assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
  const { stdout: explained } = await run(process.execPath, [
    command(),
    'explain',
    'LPA:1$rsp.example.com$ABC',
  ]);
  assert.match(explained, /rsp\.example\.com/);
  const sources = globSync('**/*.ts', { cwd: join(project, 'node_modules', OURS, 'cli') });
  assert.deepEqual(
    sources.filter((file) => !file.endsWith('.d.ts')),
    [],
  );
});

test('the published packages can be imported by what they export, and by nothing else', async () => {
  const folder = join(project, 'node_modules', OURS);
  const exported = globSync('*/package.json', { cwd: folder }).flatMap((path) => {
    const name = path.split('/')[0] ?? '';
    const { exports } = JSON.parse(readFileSync(join(folder, path), 'utf8')) as { exports: object };
    return Object.keys(exports)
      .filter((subpath) => !subpath.includes('*') && !/\.(?:json|html)$/.test(subpath)) // those are read, not imported
      .map((subpath) => `${OURS}/${name}${subpath.slice(1)}`);
  });
  assert.ok(exported.length > 50, `${exported.length}`);
  const importing = [...exported, `${OURS}/sgp22/asn1/common`, `${OURS}/server/store/sqlite/store`].map(
    (specifier) => `await import('${specifier}').catch((error) => console.log(error.message));`,
  );
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', importing.join('\n')], {
    cwd: project,
  });
  assert.match(stdout, /^Package subpath '.\/store\/sqlite\/store' is not defined by "exports" in .*\n$/);
});

test('the published server starts, and ends when it is asked to', async () => {
  const ports = { ESIM_HTTP_PORT: '0', ESIM_ES9_PORT: '0', ESIM_ES2_PORT: '0', ESIM_LOG_LEVEL: 'silent' };
  const env = { PATH: process.env.PATH, ...ports, ESIM_DATA_DIR: join(project, 'data') };
  const server = spawn(process.execPath, [command(), 'serve', '--demo'], { cwd: project, env });
  let shown = '';
  for await (const piece of server.stdout) {
    shown += piece;
    if (shown.includes('npx esim profile list')) break;
  }
  assert.match(shown, /LPA:1\$localhost/);
  const [url = assert.fail(shown)] = /http:\/\/127\.0\.0\.1:\d+/.exec(shown) ?? [];
  const page = await (await fetch(`${url}/docs`)).text();
  const loaded = [...page.matchAll(/(?:src|href)="(\/docs\/assets\/[^"]*)"/g)].map(([, path = '']) => path);
  assert.equal(loaded.length, 4, 'styles and scripts of the API reference');
  for (const path of [
    ...loaded,
    '/docs/guide/concepts',
    '/docs/images/states.svg',
    '/docs/files/alerts.yaml',
  ])
    assert.equal((await fetch(`${url}${path}`)).status, 200, path);
  server.kill('SIGTERM');
  const code = await new Promise((resolve) => server.on('exit', resolve));
  assert.equal(code, 0);
});
