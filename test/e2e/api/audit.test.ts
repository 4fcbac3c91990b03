import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { runEsim } from '#cli/commands/run-esim.testdata';
import { account, released, startWorld, type World } from '../../harness/server.ts';

let world: World;
before(async () => {
  world = await startWorld();
});
after(() => world[Symbol.asyncDispose]());

test('who changed what is in the audit log: over REST, refused or not, and at the command line', async () => {
  const { iccid } = await released(world, undefined, { confirmation_code: '2468' });
  await world.api.getEUICCProfile(iccid);
  await assert.rejects(world.api.orderEUICCProfile(iccid));
  const place = {
    cwd: world.dataDir,
    env: {
      ESIM_DATA_DIR: world.dataDir,
      ESIM_URL: world.server.restUrl,
      ESIM_USER_ID: account.ESIM_BOOTSTRAP_USER_ID,
      ESIM_API_KEY: account.ESIM_BOOTSTRAP_API_KEY,
    },
  };
  const made = await runEsim(place, 'key', 'create', account.ESIM_BOOTSTRAP_USER_ID, '--json');
  const { data } = await world.api.listAudit();
  assert.deepEqual(
    data.entries.map(({ operation, target, status }) => [operation, target, status]),
    [
      ['createEUICCProfile', iccid, 201],
      ['orderEUICCProfile', iccid, 200],
      ['orderEUICCProfile', iccid, 409],
      ['esim key create', JSON.parse(made.out).id, undefined],
    ],
  );
  for (const { key_id, address, request_id } of data.entries.slice(0, 3)) {
    assert.match(key_id ?? '', /^[0-9a-f]{16}$/);
    assert.ok(address && request_id);
  }
  const { data: rest } = await world.api.listAudit({ after: data.entries[0]?.id ?? 0, count: 2 });
  assert.deepEqual([rest.entries.length, rest.more], [2, true]);
  const shown = await runEsim(place, 'audit');
  assert.match(shown.out, /command line +- +esim key create/);
  assert.ok(!/2468|465b5ce8|esk_/.test(shown.out + JSON.stringify(data)));
});
