import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { compileServer } from '../../harness/compiled-server.ts';
import { subscription } from '../../harness/profiles.ts';
import { type ServerProcess, sameAddresses, startServer } from '../../harness/server.ts';

/** A server that is killed after the work of a request with an Idempotency-Key, before it keeps the answer; and the same request again. */

const dir = mkdtempSync(join(tmpdir(), 'esim-killed-'));
after(() => rmSync(dir, { recursive: true, force: true }));

const settings = { ESIM_DATA_DIR: join(dir, 'data') };
const killed = {
  file: 'packages/server/src/rest/frame/idempotency/idempotent.ts',
  from: '    await store.saveAnswer(own,',
  to: "    if (own.key.startsWith('killed')) process.kill(process.pid, 'SIGKILL');\n    await store.saveAnswer(own,",
};
type Api = ServerProcess['api'];
const once = (name: string) => ({ idempotencyKey: `killed ${name}`.replaceAll(' ', '-'), retries: 0 });

test('a server that is killed before it keeps an answer does not do the work again', async () => {
  using copy = await compileServer(undefined, killed);
  let server = await startServer(settings, copy.root);
  const addresses = sameAddresses(server);
  const restart = async (root?: string) => startServer({ ...settings, ...addresses }, root);
  const { iccid } = (await server.api.createEUICCProfile({ parameters: subscription() })).data;
  const { imsi, iccid: start } = subscription();
  const template = { profile_type: 'new', size: 9, iccid_start: start.slice(0, 18), imsi_start: imsi };
  await server.api.createProfileTemplate(template);
  const created = { parameters: subscription() };

  /** What is sent; and what the repeat gets. */
  const requests: readonly (readonly [string, (api: Api) => Promise<{ data: object }>])[] = [
    ['order', (api) => api.orderEUICCProfile(iccid, {}, once('order'))],
    [
      'order of a type',
      (api) => api.orderEUICCProfileOfType({ profile_type: 'new' }, once('order of a type')),
    ],
    ['creation', (api) => api.createEUICCProfile(created, once('creation'))],
    ['generation', (api) => api.generateFromProfileTemplate('new', { count: 2 }, once('generation'))],
  ];
  for (const [name, send] of requests) {
    await assert.rejects(send(server.api), (error: Error) => error.name === 'ConnectionError', name);
    await server.kill().catch(() => undefined);
    server = await restart(copy.root);
  }
  await server.close();
  server = await restart();
  await using _ = server;
  const count = async () => (await server.api.listEUICCProfiles({ count: 100 })).data.total;
  assert.equal(await count(), 5);
  for (const [name, send] of requests) {
    const { data } = await send(server.api);
    assert.ok(Object.keys(data).length > 0, name);
  }
  assert.equal(await count(), 5);
});
