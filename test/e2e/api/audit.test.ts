import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { runEsim } from '../../harness/esim.ts';
import { released } from '../../harness/profiles.ts';
import { account, type ServerProcess, startServer } from '../../harness/server.ts';

let server: ServerProcess;
before(async () => {
  server = await startServer();
});
after(() => server[Symbol.asyncDispose]());

test('who changed what is in the audit log: over REST, refused or not, and at the command line', async () => {
  const { iccid } = await released(server, undefined, { confirmation_code: '2468' });
  await server.api.getEUICCProfile(iccid);
  await assert.rejects(server.api.orderEUICCProfile(iccid));
  const place = {
    cwd: server.dataDir,
    env: {
      ESIM_DATA_DIR: server.dataDir,
      ESIM_URL: server.restUrl,
      ESIM_USER_ID: account.ESIM_BOOTSTRAP_USER_ID,
      ESIM_API_KEY: account.ESIM_BOOTSTRAP_API_KEY,
    },
  };
  const made = await runEsim(place, 'key', 'create', account.ESIM_BOOTSTRAP_USER_ID, '--json');
  const { data } = await server.api.listAudit();
  assert.deepEqual(
    data.entries.toReversed().map(({ operation, target, status }) => [operation, target, status]),
    [
      ['createEUICCProfile', iccid, 201],
      ['orderEUICCProfile', iccid, 200],
      ['orderEUICCProfile', iccid, 409],
      ['esim key create', JSON.parse(made.out).id, undefined],
    ],
  );
  for (const { key_id, address, request_id } of data.entries.slice(1)) {
    assert.match(key_id ?? '', /^[0-9a-f]{16}$/);
    assert.ok(address && request_id);
  }
  const { data: rest } = await server.api.listAudit({ cursor: String(data.entries[0]?.id), count: 2 });
  assert.deepEqual([rest.entries.length, rest.more], [2, true]);
  const ofProfile = await runEsim(
    place,
    'audit',
    '--target',
    iccid,
    '--operation',
    'createEUICCProfile',
    '--json',
  );
  assert.equal(JSON.parse(ofProfile.out).entries.length, 1, ofProfile.err);
  const shown = await runEsim(place, 'audit');
  assert.match(shown.out, /command line +- +esim key create/);
  assert.ok(!/2468|465b5ce8|esk_/.test(shown.out + JSON.stringify(data)));
});

test('a refused caller without a known account is shown on the machine of the server', async () => {
  const headers = { 'x-user-id': 'nobody', 'x-api-key': 'none' };
  assert.equal((await fetch(`${server.restUrl}/api/v1/esim/keys`, { headers })).status, 401);
  const place = { cwd: server.dataDir, env: { ESIM_DATA_DIR: server.dataDir } };
  const { code, out, err } = await runEsim(place, 'audit', '--unknown');
  assert.equal(code, 0, err);
  assert.match(out, /refused +\S+ +listApiKeys +- +401 unauthorized/);
});
