import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { deleteProfile, sendNotifications } from '@esim-rsp/euicc';
import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { runEsim } from '../../harness/esim.ts';
import { downloadBy, newPhone, refusedAt } from '../../harness/phone.ts';
import { released, stateOf, subscription } from '../../harness/profiles.ts';
import { account, type ServerProcess, startServer } from '../../harness/server.ts';

async function withServer(check: (server: ServerProcess) => Promise<void>): Promise<void> {
  await using server = await startServer();
  await check(server);
}

test('a profile on a phone is deleted by force, and the same ICCID is created, ordered and downloaded again', () =>
  withServer(async (server) => {
    const parameters = subscription();
    const { iccid, activationCode } = await released(server, { parameters });
    await using old = await newPhone(server);
    await downloadBy(old, activationCode);
    await assert.rejects(server.api.deleteEUICCProfile(iccid), /may have it.*force.*it is DOWNLOADED/);
    await server.api.deleteEUICCProfile(iccid, { force: true });
    await assert.rejects(server.api.getEUICCProfile(iccid), /no eUICC profile/);

    const again = await released(server, { parameters });
    assert.equal(again.iccid, iccid);
    await sendNotifications(old.env); // the result of the first download
    assert.equal(await stateOf(server, iccid), 'RELEASED');
    await using phone = await newPhone(server);
    await assert.rejects(downloadBy(phone, activationCode), refusedAt('authenticateClient', '8.2.6/3.8'));
    await downloadBy(phone, again.activationCode);
    await sendNotifications(phone.env);
    assert.equal(await stateOf(server, iccid), 'INSTALLED');
  }));

test('late messages about a deleted profile do not change the new one on the same phone', () =>
  withServer(async (server) => {
    const parameters = subscription();
    const first = await released(server, { parameters });
    await using phone = await newPhone(server);
    await downloadBy(phone, first.activationCode);
    await deleteProfile(phone.env.es10, parseIccid(first.iccid)); // its result and its deletion are not sent yet
    await server.api.deleteEUICCProfile(first.iccid, { force: true });
    const again = await released(server, { parameters });
    await downloadBy(phone, again.activationCode);
    await sendNotifications(phone.env);
    assert.equal(await stateOf(server, again.iccid), 'INSTALLED');
    const { events } = (await server.api.getEUICCProfileHistory(again.iccid)).data;
    const purgedAt = events.findIndex(({ type }) => type === 'profile.purged');
    assert.ok(events.slice(purgedAt).every(({ type }) => type !== 'profile.deleted'));
    await deleteProfile(phone.env.es10, parseIccid(again.iccid));
    await sendNotifications(phone.env);
    assert.equal(await stateOf(server, again.iccid), 'DELETED');
  }));

/** How an order ends and another one of the same profile begins, without deleting the profile. */
const newOrders = {
  'a return into stock and a new order': async (server: ServerProcess, iccid: string) => {
    const { api } = server;
    if ((await stateOf(server, iccid)) === 'DOWNLOADED') {
      await api.reReleaseEUICCProfile(iccid);
      await api.cancelEUICCProfile(iccid);
    } else {
      await api.retireEUICCProfile(iccid);
      await api.resetEUICCProfile(iccid);
    }
    return (await api.orderEUICCProfile(iccid)).data.activation_code;
  },
  'a replacement by the same profile': async ({ api }: ServerProcess, iccid: string) =>
    (await api.replaceEUICCProfile(iccid, { by: 'same' })).data.activation_code,
};

for (const [name, orderAgain] of Object.entries(newOrders))
  for (const isReported of [true, false])
    test(`after ${name}, late messages of the first installation${isReported ? ', whose result came,' : ''} do not change the second`, () =>
      withServer(async (server) => {
        const { iccid, activationCode } = await released(server);
        await using phone = await newPhone(server);
        await downloadBy(phone, activationCode);
        if (isReported) await sendNotifications(phone.env);
        await deleteProfile(phone.env.es10, parseIccid(iccid)); // not sent yet
        const code = await orderAgain(server, iccid);
        await downloadBy(phone, code);
        await sendNotifications(phone.env);
        assert.equal(await stateOf(server, iccid), 'INSTALLED');
        const { events } = (await server.api.getEUICCProfileHistory(iccid)).data;
        assert.ok(events.every(({ type }) => type !== 'profile.deleted'));
        await deleteProfile(phone.env.es10, parseIccid(iccid));
        await sendNotifications(phone.env);
        assert.equal(await stateOf(server, iccid), 'DELETED');
      }));

test('after a re-release, the late deletion of the first installation does not end the second', () =>
  withServer(async (server) => {
    const { iccid, activationCode } = await released(server, undefined, {
      profile_reuse_policy: { reuse_type: 'SAME_MID', max_count: 3 },
    });
    await using phone = await newPhone(server);
    await downloadBy(phone, activationCode);
    await sendNotifications(phone.env);
    await deleteProfile(phone.env.es10, parseIccid(iccid)); // not sent yet
    await server.api.reReleaseEUICCProfile(iccid);
    await downloadBy(phone, activationCode);
    await sendNotifications(phone.env);
    assert.equal(await stateOf(server, iccid), 'INSTALLED');
    await deleteProfile(phone.env.es10, parseIccid(iccid));
    await sendNotifications(phone.env);
    assert.equal(await stateOf(server, iccid), 'RELEASED');
  }));

test('history stays without personal data, or goes; subscribers hear of both', () =>
  withServer(async (server) => {
    for (const history of ['keep', 'remove'] as const) {
      const { iccid, activationCode } = await released(server);
      await using phone = await newPhone(server);
      await downloadBy(phone, activationCode);
      await sendNotifications(phone.env);
      await server.api.deleteEUICCProfile(iccid, { history, force: true });
      const { events } = (await server.api.getEUICCProfileHistory(iccid)).data;
      const types = events.map(({ type }) => type);
      assert.equal(types.at(-1), 'profile.purged');
      assert.equal(types.includes('profile.installed'), history === 'keep');
      assert.ok(!JSON.stringify(events).includes(phone.phone.card().eid));
      const { entries } = (await server.api.listAudit({ target: iccid })).data;
      assert.equal(entries[0]?.operation, 'deleteEUICCProfile');
      assert.ok(entries[0]?.targets?.includes(history));
    }
  }));

test('an answer that was kept for a repeat shows no code of a deleted profile', () =>
  withServer(async (server) => {
    const { data } = await server.api.createEUICCProfile({ parameters: subscription() });
    const idempotencyKey = randomUUID();
    const order = () => server.api.orderEUICCProfile(data.iccid, {}, { idempotencyKey });
    const first = await order();
    assert.equal((await order()).data.activation_code, first.data.activation_code);
    await server.api.deleteEUICCProfile(data.iccid);
    await assert.rejects(order(), { status: 422, code: 'idempotency_key_reused' });
  }));

test('the command line deletes a profile, and says what force leaves on a phone', () =>
  withServer(async (server) => {
    const env = {
      ESIM_URL: server.restUrl,
      ESIM_USER_ID: account.ESIM_BOOTSTRAP_USER_ID,
      ESIM_API_KEY: account.ESIM_BOOTSTRAP_API_KEY,
    };
    const run = (...args: string[]) => runEsim({ cwd: server.dataDir, env }, 'profile', 'delete', ...args);
    const { iccid, activationCode } = await released(server);
    await using phone = await newPhone(server);
    await downloadBy(phone, activationCode);
    const refused = await run(iccid);
    assert.equal(refused.code, 1);
    assert.match(refused.err, /may have it/);
    const outcome = await run(iccid, '--force', '--remove-history');
    assert.equal(outcome.code, 0, outcome.err);
    assert.match(outcome.out, /is deleted; its ICCID is free again/);
    assert.match(outcome.err, /it stays there/);
    const { data } = await server.api.getEUICCProfileHistory(iccid);
    assert.deepEqual(
      data.events.map(({ type }) => type),
      ['profile.purged'],
    );
  }));
