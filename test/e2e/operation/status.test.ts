import assert from 'node:assert/strict';
import { chmodSync } from 'node:fs';
import { test } from 'node:test';
import { runEsim } from '../../harness/esim.ts';
import { daysAhead, startServer } from '../../harness/server.ts';

test('esim status follows a server through its life: running, with expired certificates, killed, stopped', async () => {
  const running = await startServer();
  const { dataDir, restUrl } = running;
  chmodSync(dataDir, 0o700);
  const env = { ESIM_DATA_DIR: dataDir, ESIM_USER_ID: 'operator', ESIM_API_KEY: 'a-key-for-these-tests' };
  const status = (more: Record<string, string> = {}) =>
    runEsim({ cwd: '/', env: { ...env, ...more } }, 'status');
  const healthy = await status();
  assert.deepEqual([healthy.code, healthy.out.match(/^(failed|warning|skipped)/m)], [0, null], healthy.out);
  assert.ok(healthy.out.includes(restUrl), 'at the port that the system chose');

  const later = await status(daysAhead(800));
  assert.match(later.out, /^warning {2}dp-tls .* expires in \d+ days\n +'esim pki renew'/m);
  assert.match(later.out, /^warning {2}clock /m);

  await running.kill();
  const killed = await status({ ESIM_HTTP_PORT: '1' });
  assert.equal(killed.code, 1);
  assert.match(
    killed.out,
    /^failed {3}server .*:1 cannot be reached/m,
    'the marker of a killed server is not used',
  );
  assert.match(killed.out, /^ok {7}database /m);
  await running[Symbol.asyncDispose]();
});
