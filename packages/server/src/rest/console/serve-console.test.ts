import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { problemIn, restTest } from '../testing/rest.harness.ts';
import { readConsoleFiles } from './console-files.ts';

const SECRET = 'the content of another file';

function builtConsole(t: TestContext): string {
  const root = mkdtempSync(join(tmpdir(), 'esim-console-'));
  t.after(() => rmSync(root, { recursive: true }));
  const folder = join(root, 'dist');
  mkdirSync(join(folder, 'assets'), { recursive: true });
  writeFileSync(join(root, 'secret.txt'), SECRET);
  writeFileSync(join(folder, 'index.html'), '<title>console</title>');
  writeFileSync(join(folder, 'icon.svg'), '<svg/>');
  writeFileSync(join(folder, 'assets/index-B1x2y3z4.js'), 'plain');
  writeFileSync(join(folder, 'assets/index-B1x2y3z4.js.br'), 'brotli');
  writeFileSync(join(folder, 'assets/index-B1x2y3z4.js.gz'), 'gzip');
  symlinkSync(join(root, 'secret.txt'), join(folder, 'link.txt'));
  return folder;
}

async function serving(t: TestContext) {
  const api = await restTest(undefined, { consoleFiles: readConsoleFiles(builtConsole(t)) });
  const get = (url: string, headers: Record<string, string> = {}) => api.call(url, { by: null, headers });
  return { ...api, get, [Symbol.asyncDispose]: () => api[Symbol.asyncDispose]() };
}

test('the console is served with a strict policy, and index.html for every page in it', async (t) => {
  await using api = await serving(t);
  for (const url of ['/console', '/console/', '/console/profiles/8900101000000000019?tab=a']) {
    const { statusCode, headers, body } = await api.get(url);
    assert.deepEqual([url, statusCode, body], [url, 200, '<title>console</title>']);
    assert.equal(headers['content-type'], 'text/html; charset=utf-8');
    assert.equal(headers['cache-control'], 'no-store');
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers['access-control-allow-origin'], undefined);
    assert.equal(
      headers['content-security-policy'],
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    );
  }
  assert.equal((await api.get('/console/icon.svg')).headers['content-type'], 'image/svg+xml');
  const head = await api.call('/console', { by: null, method: 'HEAD' });
  assert.deepEqual([head.statusCode, head.body], [200, '']);
});

test('a file whose name has a hash is kept for ever, compressed if the browser takes it, and not sent twice', async (t) => {
  await using api = await serving(t);
  const url = '/console/assets/index-B1x2y3z4.js';
  const tries: [string | undefined, string, string | undefined][] = [
    [undefined, 'plain', undefined],
    ['gzip, deflate, br', 'brotli', 'br'],
    ['gzip;q=1.0, br;q=0', 'gzip', 'gzip'],
    ['identity', 'plain', undefined],
  ];
  for (const [accepted, content, coding] of tries) {
    const asked: Record<string, string> = accepted === undefined ? {} : { 'accept-encoding': accepted };
    const { headers, body } = await api.get(url, asked);
    assert.deepEqual([body, headers['content-encoding']], [content, coding]);
    assert.equal(headers['cache-control'], 'public, max-age=31536000, immutable');
    assert.deepEqual(
      [headers['content-type'], headers.vary],
      ['text/javascript; charset=utf-8', 'accept-encoding'],
    );
    const etag = String(headers.etag);
    const again = await api.get(url, { ...asked, 'if-none-match': `"other", ${etag}` });
    assert.deepEqual([again.statusCode, again.body, again.headers.etag], [304, '', etag]);
  }
  problemIn(await api.get('/console/assets/index-OLDOLDOL.js'), 404, 'no_such_path');
});

test('no path leads out of the folder', async (t) => {
  await using api = await serving(t);
  const address = await api.app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = new URL(address);
  for (const path of [
    ...['../secret.txt', '%2e%2e/secret.txt', '..%2fsecret.txt', '..\\secret.txt', 'assets/../../secret.txt'],
    ...['link.txt', './/../secret.txt', 'assets/%2e%2e/%2e%2e/secret.txt', '%00', '%', '__proto__'],
  ]) {
    const [response] = (await once(request({ port, path: `/console/${path}` }).end(), 'response')) as [
      IncomingMessage,
    ];
    const body = await text(response);
    assert.ok(!body.includes(SECRET), path);
    assert.ok([200, 400, 404].includes(response.statusCode ?? 0), `${path}: ${response.statusCode}`);
  }
});

test('/ leads people to the console and programs to the documentation; without a console, all of them', async (t) => {
  await using api = await serving(t);
  const page = { accept: 'text/html,application/xhtml+xml' };
  assert.equal((await api.get('/', page)).headers.location, '/console');
  assert.equal((await api.get('/')).headers.location, '/docs');
  await using without = await restTest();
  assert.equal((await without.call('/', { by: null, headers: page })).headers.location, '/docs');
  problemIn(await without.call('/console', { by: null }), 404, 'no_such_path');
});

test('a folder that is no built console is refused', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'esim-console-'));
  t.after(() => rmSync(folder, { recursive: true }));
  assert.throws(() => readConsoleFiles(folder), /has no index\.html/);
  assert.throws(() => readConsoleFiles(join(folder, 'missing')), /ENOENT/);
});
