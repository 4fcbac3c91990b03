import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { decode } from '@esim-rsp/codec';
import { deleteProfile, sendNotifications } from '@esim-rsp/euicc';
import type { ApiError } from '@esim-rsp/sdk';
import { StoreMetadataRequest } from '@esim-rsp/sgp22/asn1/bound-profile-package';
import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { runEsim } from '../../harness/esim.ts';
import { downloadBy, newPhone, nextEid, refusedAt } from '../../harness/phone.ts';
import { released, stateOf, subscription } from '../../harness/profiles.ts';
import { account, type ServerProcess, startServer } from '../../harness/server.ts';

let server: ServerProcess;
before(async () => {
  server = await startServer();
});
after(() => server[Symbol.asyncDispose]());

async function stocked(): Promise<string> {
  return (await server.api.createEUICCProfile({ parameters: subscription() })).data.iccid;
}

async function untilState(iccid: string, state: string): Promise<void> {
  while ((await stateOf(server, iccid)) !== state) await sleep(50);
}

/** For assert.rejects: 409, with what the state allows. */
const allows =
  (state: string, ...terms: string[]) =>
  (error: ApiError) => {
    assert.equal(error.status, 409);
    assert.match(error.message, new RegExp(`${state}, which allows: ${terms.join(', ')}$`));
    return true;
  };

test('an order is made in three steps: reserved, confirmed, released', async () => {
  const iccid = await stocked();
  const eid = nextEid();
  const { data: reserved } = await server.api.orderEUICCProfile(iccid, { confirm: false, eid });
  assert.deepEqual([reserved.state, reserved.eid, reserved.activation_code], ['LINKED', eid, '']);
  await assert.rejects(
    server.api.releaseEUICCProfile(iccid),
    allows('LINKED', 'confirm', 'update', 'cancel'),
  );
  const { data: confirmed } = await server.api.confirmEUICCProfile(iccid, {
    confirmation_code: '1',
    release: false,
  });
  assert.deepEqual([confirmed.state, confirmed.cc_required], ['CONFIRMED', true]);
  const { data: open } = await server.api.releaseEUICCProfile(iccid);
  assert.equal(open.state, 'RELEASED');
  await using phone = await newPhone(server, { eid });
  await downloadBy(phone, open.activation_code, '1');
  await assert.rejects(server.api.cancelEUICCProfile(iccid), allows('DOWNLOADED', 're-release'));
});

test('a cancelled order ends the download under way, and the profile is in stock or out of use', async () => {
  const { iccid, activationCode } = await released(server);
  await using phone = await newPhone(server, {
    through: (es9) => ({
      post: async (address, path, body) => {
        if (path.endsWith('/getBoundProfilePackage')) await server.api.cancelEUICCProfile(iccid);
        return es9.post(address, path, body);
      },
    }),
  });
  await assert.rejects(downloadBy(phone, activationCode), refusedAt('getBoundProfilePackage', '8.10.1/3.9'));
  assert.equal(await stateOf(server, iccid), 'AVAILABLE');
  const { data } = await server.api.retireEUICCProfile(iccid);
  assert.equal(data.state, 'UNAVAILABLE');
  await assert.rejects(server.api.orderEUICCProfile(iccid), allows('UNAVAILABLE', 'reset'));
  assert.equal((await server.api.resetEUICCProfile(iccid)).data.state, 'AVAILABLE');
});

test('a download that got lost begins anew after a re-release, for any phone', async () => {
  const { iccid, activationCode } = await released(server, undefined, { confirmation_code: '2468' });
  await using lost = await newPhone(server);
  await downloadBy(lost, activationCode, '1357', '2468');
  await using other = await newPhone(server);
  await assert.rejects(
    downloadBy(other, activationCode, '2468'),
    refusedAt('authenticateClient', '8.1.1/3.8'),
  );
  const { data } = await server.api.reReleaseEUICCProfile(iccid);
  assert.deepEqual([data.state, data.activation_code, data.cc_retries], ['RELEASED', activationCode, 5]);
  await downloadBy(other, activationCode, '2468');
  await sendNotifications(other.env);
  await sendNotifications(lost.env); // what the other phone says is late
  const { data: installed } = await server.api.getEUICCProfile(iccid);
  assert.deepEqual([installed.state, installed.eid], ['INSTALLED', other.phone.card().eid]);
});

test('an operator brings back a profile whose phone is gone, as often as its policy says', async () => {
  const profile_reuse_policy = { reuse_type: 'SAME_MID', max_count: 1 } as const;
  const { iccid, activationCode } = await released(server, undefined, { profile_reuse_policy });
  await using gone = await newPhone(server);
  await downloadBy(gone, activationCode);
  await sendNotifications(gone.env);
  assert.equal((await server.api.reReleaseEUICCProfile(iccid)).data.state, 'RELEASED');
  await using other = await newPhone(server);
  await downloadBy(other, activationCode);
  await sendNotifications(other.env);
  await assert.rejects(server.api.reReleaseEUICCProfile(iccid), /reuse policy .* allows no further download/);
  await deleteProfile(other.env.es10, parseIccid(iccid));
  await sendNotifications(other.env);
  assert.equal((await server.api.resetEUICCProfile(iccid)).data.state, 'AVAILABLE');
});

test('what devices see of a profile, and its order, can be changed until it is downloaded', async () => {
  const { iccid, activationCode } = await released(server, undefined, { confirmation_code: '2468' });
  const { data } = await server.api.updateEUICCProfile(iccid, {
    profile_name: 'Travel 20 GB',
    notification_events: ['delete'],
    confirmation_code: null,
    expires_at: new Date(Date.now() + 3_600_000).toISOString(),
    download_attempts: 3,
  });
  assert.deepEqual(
    [data.profile_name, data.notification_events, data.cc_required, data.download_attempts_left],
    ['Travel 20 GB', ['delete'], false, 3],
  );
  assert.equal(data.service_provider_name, 'Example Mobile');
  await using phone = await newPhone(server);
  await downloadBy(phone, activationCode.replace(/\$\$1$/, ''));
  const [installed] = phone.phone.card().profiles;
  assert.equal(
    decode(StoreMetadataRequest, installed?.metadata ?? new Uint8Array()).profileName,
    'Travel 20 GB',
  );
  await assert.rejects(
    server.api.updateEUICCProfile(iccid, { profile_name: 'X' }),
    allows('DOWNLOADED', 're-release'),
  );
  const fresh = await stocked();
  await assert.rejects(server.api.updateEUICCProfile(fresh, { download_attempts: 1 }), /there is none yet/);
  const types = (await server.api.getEUICCProfileHistory(iccid)).data.events.map(({ type }) => type);
  assert.ok(types.includes('profile.updated'));
});

test('an expired order is released again with a new expiry, and stays so', async () => {
  const expires_at = new Date(Date.now() + 4000).toISOString();
  const { iccid, activationCode } = await released(server, undefined, { expires_at });
  await untilState(iccid, 'ERROR');
  await assert.rejects(server.api.reReleaseEUICCProfile(iccid), /later expires_at/);
  const later = new Date(Date.now() + 3_600_000).toISOString();
  assert.equal((await server.api.reReleaseEUICCProfile(iccid, { expires_at: later })).data.state, 'RELEASED');
  await sleep(2100); // the job that ends orders runs every second
  assert.equal(await stateOf(server, iccid), 'RELEASED');
  await using phone = await newPhone(server);
  assert.equal((await downloadBy(phone, activationCode)).iccid, iccid);
});

test('the reuse policy is set after the order, and after the installation', async () => {
  const { iccid, activationCode } = await released(server);
  const early = await server.api.updateEUICCProfile(iccid, {
    profile_reuse_policy: { reuse_type: 'SAME_EID', max_count: 2 },
  });
  assert.equal(early.data.reuse_remaining_count, 2);
  await using phone = await newPhone(server);
  await downloadBy(phone, activationCode);
  await sendNotifications(phone.env);
  const { data } = await server.api.updateEUICCProfile(iccid, {
    profile_reuse_policy: { reuse_type: 'SAME_MID', max_count: 1 },
  });
  assert.deepEqual([data.state, data.reuse_remaining_count], ['INSTALLED', 1]);
  await deleteProfile(phone.env.es10, parseIccid(iccid));
  await sendNotifications(phone.env);
  assert.equal(await stateOf(server, iccid), 'RELEASED');
  assert.equal((await downloadBy(phone, activationCode)).iccid, iccid);
});

test('the command line does the same', async () => {
  const env = {
    ESIM_URL: server.restUrl,
    ESIM_USER_ID: account.ESIM_BOOTSTRAP_USER_ID,
    ESIM_API_KEY: account.ESIM_BOOTSTRAP_API_KEY,
  };
  const iccid = await stocked();
  const state = async (...args: string[]) => {
    const { code, out, err } = await runEsim({ cwd: server.dataDir, env }, 'profile', ...args, '--json');
    assert.equal(code, 0, err);
    return JSON.parse(out).state as string;
  };
  assert.equal(await state('order', iccid, '--no-confirm'), 'ALLOCATED');
  assert.equal(await state('confirm', iccid, '--no-release'), 'CONFIRMED');
  assert.equal(await state('update', iccid, '--expires-at', '7d', '--confirmation-code', '1'), 'CONFIRMED');
  assert.equal(await state('release', iccid), 'RELEASED');
  assert.equal(await state('update', iccid, '--no-confirmation-code', '--expires-at', 'never'), 'RELEASED');
  assert.equal(await state('update', iccid, '--reuse-type', 'SAME_EID', '--reuse-count', '3'), 'RELEASED');
  assert.equal((await server.api.getEUICCProfile(iccid)).data.reuse_remaining_count, 3);
  assert.equal(await state('cancel', iccid, '--retire'), 'UNAVAILABLE');
  assert.equal(await state('reset', iccid), 'AVAILABLE');
  assert.equal(await state('retire', iccid), 'UNAVAILABLE');
  const refused = await runEsim({ cwd: server.dataDir, env }, 'profile', 're-release', iccid);
  assert.equal(refused.code, 1);
  assert.match(refused.err, /this one is UNAVAILABLE, which allows: reset/);
});
