import assert from 'node:assert/strict';
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type ApiError, Configuration, ESIMRSPApi } from '@esim-rsp/sdk';
import { runEsim } from '../../harness/esim.ts';
import { subscription } from '../../harness/profiles.ts';
import { until } from '../../harness/receiver.ts';
import { account, type ServerProcess, startServer } from '../../harness/server.ts';

let server: ServerProcess;
before(async () => {
  server = await startServer();
});
after(() => server[Symbol.asyncDispose]());

/** The API with another key of the same account. */
function by(apiKey: string): ESIMRSPApi {
  const keys: Record<string, string> = { 'x-user-id': account.ESIM_BOOTSTRAP_USER_ID, 'x-api-key': apiKey };
  const basePath = `${server.restUrl}/api/v1/esim`;
  return new ESIMRSPApi(new Configuration({ basePath, apiKey: (name) => keys[name] ?? '' }));
}

const refused = (status: number, code: string) => (error: ApiError) => {
  assert.deepEqual([error.status, error.code], [status, code]);
  return true;
};

test('a key may do what its scope says, and is informed which one it needs', async () => {
  const { data: reading } = await server.api.createApiKey({ scope: 'read', name: 'dashboard' });
  const { data: ordering } = await server.api.createApiKey({ scope: 'order' });
  const { data: stocked } = await by(ordering.api_key).createEUICCProfile({ parameters: subscription() });
  assert.equal((await by(reading.api_key).getEUICCProfile(stocked.iccid)).status, 200);
  await assert.rejects(by(reading.api_key).orderEUICCProfile(stocked.iccid), (error: ApiError) => {
    assert.ok(refused(403, 'forbidden')(error));
    assert.match(error.message, /good for read, and this needs order/);
    return true;
  });
  await assert.rejects(by(ordering.api_key).listApiKeys(), refused(403, 'forbidden'));
  const { data } = await server.api.listApiKeys();
  assert.ok(data.api_keys.some(({ name, scope }) => name === 'dashboard' && scope === 'read'));
  assert.ok(!JSON.stringify(data).includes('esk_'));
});

/** Waits until the server does not accept a key any more. Twelve seconds allow for a slow machine. */
async function ended(apiKey: string): Promise<void> {
  const began = performance.now();
  const isRefused = () =>
    by(apiKey)
      .listEUICCProfiles()
      .then(() => false, refused(401, 'unauthorized'));
  await until(isRefused);
  assert.ok(performance.now() - began < 12_000);
}

test('a key ends when it expires, and soon after it was revoked', async () => {
  const { data: brief } = await server.api.createApiKey({
    scope: 'read',
    expires_at: new Date(Date.now() + 5000).toISOString(),
  });
  assert.equal((await by(brief.api_key).listEUICCProfiles()).status, 200);
  const { data: other } = await server.api.createApiKey({ scope: 'read' });
  assert.equal((await by(other.api_key).listEUICCProfiles()).status, 200);
  await server.api.deleteApiKey(other.id);
  for (const { api_key } of [other, brief]) await ended(api_key);
  await assert.rejects(by(brief.api_key).listEUICCProfiles(), refused(401, 'unauthorized'));
  await assert.rejects(by(other.api_key).listEUICCProfiles(), refused(401, 'unauthorized'));
  await assert.rejects(server.api.deleteApiKey('0000000000000000'), refused(404, 'key_not_found'));
});

test('a rotated key and the new one work side by side for the overlap', async () => {
  const { data: old } = await server.api.createApiKey({ scope: 'read', name: 'shop' });
  const { data: fresh } = await server.api.rotateApiKey(old.id, { overlap_seconds: 6 });
  assert.deepEqual([fresh.name, fresh.scope], ['shop', 'read']);
  for (const { api_key } of [old, fresh]) assert.equal((await by(api_key).listEUICCProfiles()).status, 200);
  await ended(old.api_key);
  await assert.rejects(by(old.api_key).listEUICCProfiles(), refused(401, 'unauthorized'));
  assert.equal((await by(fresh.api_key).listEUICCProfiles()).status, 200);
});

test('the command line makes, lists, rotates and revokes keys beside the running server', async () => {
  const place = { cwd: server.dataDir, env: { ESIM_DATA_DIR: server.dataDir } };
  const key = async (...args: string[]) => {
    const { code, out, err } = await runEsim(place, 'key', ...args, '--json');
    assert.equal(code, 0, err);
    return JSON.parse(out);
  };
  const made = await key(
    'create',
    account.ESIM_BOOTSTRAP_USER_ID,
    '--scope',
    'read',
    '--expires-at',
    '1h',
    '--name',
    'x',
  );
  assert.match(made.api_key, /^esk_/);
  const rotated = await key('rotate', made.id, '--overlap', '0s');
  await key('delete', rotated.id);
  const listed = await key('list', account.ESIM_BOOTSTRAP_USER_ID);
  const found = listed.filter(({ id }: { id: string }) => [made.id, rotated.id].includes(id));
  assert.ok(
    found.every(({ expires_at }: { expires_at?: string }) => Date.parse(expires_at ?? '') <= Date.now()),
  );
  assert.ok(!JSON.stringify(listed).includes('esk_'));
  assert.equal((await runEsim(place, 'key', 'delete', 'none')).code, 1);
  assert.equal((await runEsim(place, 'key', 'create', 'operator', '--scope', 'god')).code, 2);
});

test('the command line creates a key with a set of permissions, which hides codes without the permission', async () => {
  const place = { cwd: server.dataDir, env: { ESIM_DATA_DIR: server.dataDir } };
  const create = (list: string) =>
    runEsim(place, 'key', 'create', account.ESIM_BOOTSTRAP_USER_ID, '--permissions', list, '--json');
  const made = JSON.parse((await create('support,read')).out);
  assert.deepEqual(made.permissions, ['read', 'support']);
  const { data } = await by(made.api_key).listEUICCProfiles();
  assert.ok(data.euicc_profiles.every(({ codes_hidden }) => codes_hidden));
  assert.equal((await create('read,god')).code, 2);
});

test('esim key rotate replaces the key in the credentials that commands use, and another key it leaves alone', async () => {
  const place = { cwd: server.dataDir, env: { ESIM_DATA_DIR: server.dataDir } };
  const { data: key } = await server.api.createApiKey({ scope: 'order' });
  const file = join(server.dataDir, 'credentials.json');
  const saved = { url: server.restUrl, userId: account.ESIM_BOOTSTRAP_USER_ID, apiKey: key.api_key };
  writeFileSync(file, JSON.stringify(saved), { mode: 0o600 });
  const { data: other } = await server.api.createApiKey({ scope: 'read' });
  assert.equal((await runEsim(place, 'key', 'rotate', other.id)).code, 0);
  assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')), saved);
  const { out, err } = await runEsim(place, 'key', 'rotate', key.id, '--overlap', '0s', '--json');
  const { api_key: apiKey } = JSON.parse(out);
  assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')), { ...saved, apiKey });
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.match(err, /credentials\.json has the new key/);
  const listed = await runEsim(place, 'profile', 'list');
  assert.equal(listed.code, 0, listed.err);
  rmSync(file);
});
