import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  installations,
  NO_POSTGRES,
  startPostgres,
  type TestServer,
} from '#server/store/postgres/testing/server.harness';
import { type Outcome, runEsim } from '../../harness/esim.ts';
import { subscription } from '../../harness/profiles.ts';
import { account, type ServerProcess, startServer } from '../../harness/server.ts';

/** Two servers that share a PostgreSQL, the commands on their machine, and what callers get while the database is away. */

const [installation] = installations();
const options = installation === undefined ? { skip: NO_POSTGRES } : {};
const folder = mkdtempSync(join(tmpdir(), 'esim-postgres-e2e-'));
let database: TestServer;
let env: Record<string, string>;
let one: ServerProcess;
let two: ServerProcess;

before(async () => {
  if (installation === undefined) return;
  database = await startPostgres(installation);
  env = { ESIM_DATABASE_URL: await database.createDatabase(), ESIM_DATABASE_WAIT_MS: '1000' };
  one = await startServer({ ...env, ESIM_DATA_DIR: join(folder, 'one') });
  const sealing = await esim('pki', 'seal'); // the other server opens the keys with the database
  assert.equal(sealing.code, 0, sealing.err);
  const shared = { ESIM_PKI_DIR: one.pkiDir, ESIM_MASTER_KEY_FILE: join(one.dataDir, 'master.key') };
  two = await startServer({ ...env, ESIM_DATA_DIR: join(folder, 'two'), ...shared });
});
after(async () => {
  await one?.[Symbol.asyncDispose]();
  await two?.[Symbol.asyncDispose]();
  await database?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

let iccid: string;
const ready = async ({ restUrl }: ServerProcess) => {
  const answer = await fetch(`${restUrl}/readyz`);
  return { status: answer.status, text: await answer.text() };
};
const esim = (...args: string[]): Promise<Outcome> =>
  runEsim({ cwd: folder, env: { ...env, ESIM_DATA_DIR: one.dataDir } }, ...args);

test('a profile that one server has created can be read and ordered at another', options, async () => {
  const created = await one.api.createEUICCProfile({ parameters: subscription() });
  iccid = created.data.iccid;
  const { data } = await two.api.getEUICCProfile(iccid);
  assert.equal(data.state, 'AVAILABLE');
  await two.api.orderEUICCProfile(iccid, {});
  assert.equal((await one.api.getEUICCProfile(iccid)).data.state, 'RELEASED');
});

test('the commands on the machine of the server use the same database', options, async () => {
  const accounts = await esim('account', 'list', '--json');
  assert.deepEqual([accounts.code, accounts.err], [0, '']);
  assert.match(accounts.out, /"operator"/);
  const created = await esim('key', 'create', 'operator', '--permissions', 'read', '--json');
  assert.equal(created.code, 0, created.err);
  const backup = await esim('backup', join(folder, 'esim.tar'));
  assert.equal(backup.code, 1);
  assert.match(backup.err, /is in PostgreSQL \(ESIM_DATABASE_URL\): back it up with pg_dump/);
  const status = await esim('status', '--json');
  assert.match(status.out, /postgres:\/\/127\.0\.0\.1:\d+\/\w+, schema \d+/);
});

test(
  'while the database is away callers get 503 in limited time, and afterwards the servers work by themselves',
  options,
  async () => {
    assert.equal((await ready(one)).status, 200);
    await database.stop('fast');
    const began = performance.now();
    const read = await fetch(`${one.restUrl}/api/v1/esim/euicc-profiles/${iccid}`, {
      headers: {
        'x-user-id': account.ESIM_BOOTSTRAP_USER_ID,
        'x-api-key': account.ESIM_BOOTSTRAP_API_KEY,
      },
    });
    const problem = (await read.json()) as { code: string };
    assert.deepEqual(
      [read.status, problem.code, read.headers.get('retry-after') !== null],
      [503, 'busy', true],
    );
    assert.ok(performance.now() - began < 8000);
    await new Promise((resolve) => setTimeout(resolve, 1100)); // an answer about readiness is used for a second
    const away = await ready(two);
    assert.equal(away.status, 503);
    assert.match(away.text, /the database cannot be written/);
    assert.doesNotMatch(away.text + one.log(), /esim@/);
    await database.start();
    assert.equal((await one.api.getEUICCProfile(iccid)).data.state, 'RELEASED');
    await new Promise((resolve) => setTimeout(resolve, 1100));
    for (const server of [one, two]) assert.equal((await ready(server)).status, 200);
  },
);
