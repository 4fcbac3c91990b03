import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { runEsim } from '../../harness/esim.ts';
import { released } from '../../harness/profiles.ts';
import { startServer } from '../../harness/server.ts';

const guide = readFileSync(new URL('../../../docs/guide/secrets.md', import.meta.url), 'utf8');

test('a secret that somebody has written into the database is listed, sealed by a command, and replaced', async () => {
  await using server = await startServer();
  const env = { ESIM_DATA_DIR: server.dataDir };
  const esim = (...args: string[]) => runEsim({ cwd: server.dataDir, env }, ...args);
  const json = async (...args: string[]) => {
    const { code, out, err } = await esim(...args, '--json');
    assert.equal(code, 0, err);
    return JSON.parse(out);
  };
  const { iccid } = await released(server);
  await json('secrets', 'seal', '--no-wait');
  assert.deepEqual(await json('secrets', 'plain'), { records: [] });
  {
    using db = new DatabaseSync(join(server.dataDir, 'esim.db'), { timeout: 10_000 });
    db.exec(`update profile set matching_id = 'PLANTED', matching_id_sealed = null where iccid = '${iccid}'`);
  }
  await assert.rejects(server.api.getEUICCProfile(iccid), /record_unreadable|cannot be read/);

  const record = `profile/${iccid}`;
  assert.deepEqual(await json('secrets', 'plain'), {
    records: [{ record, columns: ['matching_id'], account: 'operator' }],
  });
  assert.ok(guide.includes('npx esim secrets plain --seal profile/'));
  assert.match(
    (await esim('secrets', 'plain', '--seal', 'profile/none')).err,
    /there is no record profile\/none/,
  );
  assert.deepEqual(await json('secrets', 'plain', '--seal', record), {
    sealed: record,
    columns: ['matching_id'],
  });
  assert.deepEqual(await json('secrets', 'plain'), { records: [] });
  assert.equal((await server.api.getEUICCProfile(iccid)).data.state, 'RELEASED');
  const { data } = await server.api.replaceEUICCProfile(iccid, {});
  assert.ok(!data.activation_code.includes('PLANTED'));
  const { entries } = (await server.api.listAudit({})).data;
  assert.ok(
    entries.some(({ operation, target }) => operation === 'esim secrets plain --seal' && target === record),
  );
});
