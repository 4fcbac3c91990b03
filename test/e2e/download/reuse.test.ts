import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { deleteProfile, sendNotifications } from '@esim-rsp/euicc';
import type { OrderEUICCProfileRequest } from '@esim-rsp/sdk';
import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { downloadBy, newPhone, refusedAt, type TestPhone } from '../../harness/phone.ts';
import { released, stateOf } from '../../harness/profiles.ts';
import { until } from '../../harness/receiver.ts';
import { type ServerProcess, startServer } from '../../harness/server.ts';

let server: ServerProcess;
before(async () => {
  server = await startServer();
});
after(() => server[Symbol.asyncDispose]());

/** The profile comes to a phone and is deleted there. */
async function usedUp(phone: TestPhone, iccid: string, activationCode: string): Promise<void> {
  await downloadBy(phone, activationCode);
  await deleteProfile(phone.env.es10, parseIccid(iccid));
  await sendNotifications(phone.env);
}

const policy = (reuse_type: string, more: object = {}) =>
  ({ profile_reuse_policy: { reuse_type, max_count: 2, ...more } }) as OrderEUICCProfileRequest;

const who = {
  SAME_EID_MID: { again: 'same', own: true, other: false },
  SAME_EID: { again: 'new', own: true, other: false },
  SAME_MID: { again: 'same', own: true, other: true },
  NEW_EID: { again: 'same', own: false, other: true },
  NEW_EID_MID: { again: 'new', own: true, other: true },
} as const;

for (const [type, { again, own, other }] of Object.entries(who))
  test(`after ${type} the profile is back with the ${again} code for ${own ? 'the same phone' : 'others'}${own && other ? ' and others' : ''}`, async () => {
    for (const mine of [true, false]) {
      const { iccid, activationCode } = await released(server, undefined, policy(type));
      await using first = await newPhone(server);
      await using second = await newPhone(server);
      await usedUp(first, iccid, activationCode);
      const { data } = await server.api.getEUICCProfile(iccid);
      assert.deepEqual([data.state, data.reuse_remaining_count], ['RELEASED', 1]);
      assert.equal(data.activation_code === activationCode, again === 'same');
      const next = downloadBy(mine ? first : second, data.activation_code);
      if (mine ? own : other) assert.equal((await next).iccid, iccid);
      else await assert.rejects(next, refusedAt('authenticateClient', '8.1.1/3.8'));
    }
  });

test('returns are counted, and after the last one the profile stays DELETED', async () => {
  const { iccid, activationCode } = await released(server, undefined, policy('SAME_MID', { max_count: 1 }));
  await using phone = await newPhone(server);
  await usedUp(phone, iccid, activationCode);
  await usedUp(phone, iccid, activationCode);
  const { data } = await server.api.getEUICCProfile(iccid);
  assert.deepEqual([data.state, data.reuse_remaining_count, data.reuse_enabled], ['DELETED', 0, false]);
  await assert.rejects(downloadBy(phone, activationCode), refusedAt('authenticateClient', '8.2.6/3.8'));
  const { events } = (await server.api.getEUICCProfileHistory(iccid)).data;
  assert.deepEqual(
    events.slice(-2).map(({ type }) => type),
    ['profile.reuse_exhausted', 'download.refused'],
  );
});

test('a cool-down is waited for, also while the server is down, and a phone is informed until when', async () => {
  const own = await startServer();
  const { iccid, activationCode } = await released(own, undefined, policy('SAME_MID', { cooldownPeriod: 3 }));
  await using phone = await newPhone(own);
  await usedUp(phone, iccid, activationCode);
  assert.equal(await stateOf(own, iccid), 'DELETED');
  await assert.rejects(
    downloadBy(phone, activationCode),
    (error: Error & { status?: { message?: string } }) => {
      assert.ok(refusedAt('authenticateClient', '8.2/1.2')(error));
      assert.match(error.status?.message ?? '', /again from 20\d\d-/);
      return true;
    },
  );
  await own.close();
  await sleep(3100);
  const later = await startServer({ ESIM_DATA_DIR: own.dataDir });
  await until(async () => (await stateOf(later, iccid)) === 'RELEASED');
  const { events } = (await later.api.getEUICCProfileHistory(iccid)).data;
  assert.deepEqual([events.at(-1)?.type, events.at(-1)?.actor.kind], ['profile.released', 'system']);
  await later[Symbol.asyncDispose]();
  await own[Symbol.asyncDispose]();
});

test('an order expires by itself, also in the middle of a download, and the phone is informed', async () => {
  const expires_at = new Date(Date.now() + 5000).toISOString();
  const { iccid, activationCode } = await released(server, undefined, { expires_at });
  await using phone = await newPhone(server, {
    through: (es9) => ({
      post: async (address, path, body) => {
        while (path.endsWith('/getBoundProfilePackage') && (await stateOf(server, iccid)) !== 'ERROR')
          await sleep(50);
        return es9.post(address, path, body);
      },
    }),
  });
  await assert.rejects(downloadBy(phone, activationCode), refusedAt('getBoundProfilePackage', '8.8.5/4.10'));
  await until(async () => (await stateOf(server, iccid)) === 'ERROR');
  const { data } = await server.api.getEUICCProfile(iccid);
  assert.deepEqual([data.state_reason?.subject_code, data.state_reason?.reason_code], ['8.8.5', '4.10']);
});
