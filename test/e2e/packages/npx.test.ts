import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';

const ROOT = join(import.meta.dirname, '../../..');
const run = promisify(execFile);

/** npm asks this registry only; it counts the requests and has no package. */
async function emptyRegistry() {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(404).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const close = () => void server.close();
  return { url: `http://127.0.0.1:${port}/`, asked, [Symbol.dispose]: close };
}

test('npx esim inside the clone runs the command of the clone, and asks no registry', async () => {
  using registry = await emptyRegistry();
  const cache = mkdtempSync(join(tmpdir(), 'esim-npx-'));
  const env = {
    ...process.env,
    npm_config_registry: registry.url,
    npm_config_cache: cache,
    npm_config_fetch_retries: '0',
    npm_config_update_notifier: 'false',
  };
  try {
    for (const folder of ['', 'docs/guide', 'packages/cli']) {
      const { stdout } = await run('npx', ['esim', '--version'], { cwd: join(ROOT, folder), env });
      assert.match(stdout, /^\d+\.\d+\.\d+\n$/, folder);
    }
    assert.deepEqual(registry.asked, []);
    const other = run('npx', ['--yes', 'esim-rsp-nobody-has-this'], { cwd: ROOT, env });
    await assert.rejects(other, 'what the clone does not have is asked for');
    assert.ok(registry.asked.length > 0);
  } finally {
    rmSync(cache, { recursive: true, force: true });
  }
});
