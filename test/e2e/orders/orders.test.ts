import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { deleteProfile, download, enableProfile, sendNotifications } from '@esim-rsp/euicc';
import { parseActivationCode } from '@esim-rsp/sgp22/value/activation-code';
import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { downloadBy, newPhone, refusedAt } from '../../harness/phone.ts';
import { released, stateOf, subscription } from '../../harness/profiles.ts';
import { type ServerProcess, startServer } from '../../harness/server.ts';

let server: ServerProcess;
before(async () => {
  server = await startServer();
});
after(() => server[Symbol.asyncDispose]());

/** The time in so many seconds, to the second. */
const timeIn = (seconds: number) => `${new Date(Date.now() + seconds * 1000).toISOString().slice(0, 19)}Z`;

test('an order is over when it expires', async () => {
  const expires_at = timeIn(5);
  const { iccid, activationCode } = await released(server, undefined, { expires_at });
  assert.equal((await server.api.getEUICCProfile(iccid)).data.order_expires_at, expires_at);
  await setTimeout(Math.max(0, Date.parse(expires_at) - Date.now()) + 20);
  await using phone = await newPhone(server);
  await assert.rejects(downloadBy(phone, activationCode), refusedAt('authenticateClient', '8.8.5/4.10'));
  assert.equal(await stateOf(server, iccid), 'ERROR');
});

test('an order that has not expired yet is downloaded', async () => {
  const { activationCode } = await released(server, undefined, { expires_at: timeIn(600) });
  await using phone = await newPhone(server);
  await downloadBy(phone, activationCode);
});

test('an order cannot expire in the past, nor in a thousand years, nor at what is no time', async () => {
  const wrong = [
    timeIn(-1),
    timeIn(31_536_000_000),
    '1970-01-01T00:00:00Z',
    String(Date.now()),
    'soon',
    0,
    1.5,
  ];
  for (const expires_at of wrong as string[]) {
    const { data: stocked } = await server.api.createEUICCProfile({ parameters: subscription() });
    const order = server.api.orderEUICCProfile(stocked.iccid, { expires_at });
    await assert.rejects(order, (error: { status?: number; message: string }) => {
      assert.equal(error.status, 400);
      assert.match(error.message, /expires_at/);
      return true;
    });
    assert.equal(await stateOf(server, stocked.iccid), 'AVAILABLE');
  }
});

const reusable = { reusable: true } as const;

test('a reusable order stays RELEASED, and says what the last phone reported', async () => {
  const { iccid, activationCode } = await released(server, undefined, reusable);
  const profileOf = async () => (await server.api.getEUICCProfile(iccid)).data;
  const before = await profileOf();
  assert.equal(before.reusable, true);
  for (const _ of [1, 2, 3]) {
    await using phone = await newPhone(server);
    await downloadBy(phone, activationCode);
    assert.equal((await profileOf()).state, 'RELEASED');
    await sendNotifications(phone.env);
    const installed = await profileOf();
    assert.deepEqual([installed.state, installed.device_state], ['RELEASED', 'INSTALLED']);
    assert.equal(installed.eid, phone.phone.card().eid);
    await enableProfile(phone.env.es10, parseIccid(iccid));
    await sendNotifications(phone.env);
    assert.equal((await profileOf()).device_state, 'ENABLED');
  }
  const after = await profileOf();
  assert.equal(after.activation_code, activationCode);
  assert.equal(after.download_attempts_left, before.download_attempts_left);
});

test('a reusable order is downloaded by a dozen phones at the same time, and all of their reports arrive', async () => {
  const { iccid, activationCode } = await released(server, undefined, reusable);
  const phones = await Promise.all(Array.from({ length: 12 }, () => newPhone(server)));
  await Promise.all(phones.map((phone) => downloadBy(phone, activationCode)));
  const sent = await Promise.all(phones.map((phone) => sendNotifications(phone.env)));
  assert.ok(sent.every(({ waiting }) => waiting.length === 0));
  await Promise.all(phones.map((phone) => enableProfile(phone.env.es10, parseIccid(iccid))));
  await Promise.all(phones.map((phone) => sendNotifications(phone.env)));
  for (const phone of phones) {
    assert.equal(phone.phone.card().profiles.length, 1);
    await phone[Symbol.asyncDispose]();
  }
  assert.equal(await stateOf(server, iccid), 'RELEASED');
  const { events } = (await server.api.getEUICCProfileHistory(iccid, { count: 200 })).data;
  const count = (type: string) => events.filter((event) => event.type === type).length;
  assert.deepEqual([count('profile.installed'), count('profile.enabled')], [12, 12]);
});

test('one phone downloads a reusable order again after it deleted the profile', async () => {
  const { iccid, activationCode } = await released(server, undefined, reusable);
  await using phone = await newPhone(server);
  for (const _ of [1, 2]) {
    await downloadBy(phone, activationCode);
    await deleteProfile(phone.env.es10, parseIccid(iccid));
    await sendNotifications(phone.env);
    const { data } = await server.api.getEUICCProfile(iccid);
    assert.deepEqual([data.state, data.device_state], ['RELEASED', 'DELETED']);
  }
});

test('a reusable order counts wrong confirmation codes in a row, and is locked when they are used up', async () => {
  const order = { ...reusable, confirmation_code: 'right' };
  const { iccid, activationCode } = await released(server, undefined, order);
  const left = async () => (await server.api.getEUICCProfile(iccid)).data.cc_retries;
  const all = await left();
  assert.ok(all !== undefined && all > 1);
  const wrong = Array.from({ length: all - 1 }, () => 'wrong');
  for (const _ of [1, 2]) {
    await using phone = await newPhone(server);
    await downloadBy(phone, activationCode, ...wrong, 'right');
    assert.equal(await left(), all);
  }
  await using guessing = await newPhone(server);
  const lockedOut = refusedAt('getBoundProfilePackage', '8.2.7/6.4');
  await assert.rejects(downloadBy(guessing, activationCode, ...wrong, 'wrong'), lockedOut);
  await using other = await newPhone(server);
  await assert.rejects(downloadBy(other, activationCode, 'right'), lockedOut);
  const { data } = await server.api.getEUICCProfile(iccid);
  assert.deepEqual([data.state, data.cc_retries], ['RELEASED', 0]);
});

test('an expired reusable order is refused with 8.8.5/4.10 and stays RELEASED', async () => {
  const expires_at = timeIn(5);
  const { iccid, activationCode } = await released(server, undefined, { ...reusable, expires_at });
  await setTimeout(Math.max(0, Date.parse(expires_at) - Date.now()) + 20);
  await using phone = await newPhone(server);
  await assert.rejects(downloadBy(phone, activationCode), refusedAt('authenticateClient', '8.8.5/4.10'));
  assert.equal(await stateOf(server, iccid), 'RELEASED');
});

test('neither a no, nor a wrong code, nor a failed installation ends a reusable order', async () => {
  const order = { ...reusable, confirmation_code: 'right' };
  const { iccid, activationCode } = await released(server, undefined, order);
  const reason = async () => {
    const { data } = await server.api.getEUICCProfile(iccid);
    assert.equal(data.state, 'RELEASED');
    return data.state_reason?.message;
  };
  await using phone = await newPhone(server);
  const declined = {
    source: parseActivationCode(activationCode),
    consent: async () => false,
    confirmationCode: async () => 'right',
  };
  await assert.rejects(download(declined, phone.env), { step: 'consent' });
  assert.match((await reason()) ?? '', /rejected/);
  const wrong = Array.from({ length: 4 }, () => 'wrong');
  await downloadBy(phone, activationCode, ...wrong, 'right');
  await assert.rejects(downloadBy(phone, activationCode, 'right'), { step: 'loadBoundProfilePackage' });
  await sendNotifications(phone.env);
  assert.match((await reason()) ?? '', /could not install/);
  await using other = await newPhone(server);
  await downloadBy(other, activationCode, 'right');
  await sendNotifications(other.env);
  assert.equal(await reason(), undefined);
});

const file = new URL('../../../../shared/data/profiles/TS48v1_A.der', import.meta.url);
const skip = existsSync(file) ? false : 'the published TS.48 profiles are not present';

test('a phone without enough memory is informed before anything is sent', { skip }, async () => {
  await using own = await startServer();
  const content = { profile_package: readFileSync(file).toString('base64') };
  const { iccid, activationCode } = await released(own, content);
  await using small = await newPhone(own, { changed: (card) => ({ ...card, memory: 2000 }) });
  await assert.rejects(downloadBy(small, activationCode), refusedAt('authenticateClient', '8.1/4.8'));
  assert.equal(await stateOf(own, iccid), 'RELEASED');
  await using large = await newPhone(own);
  await downloadBy(large, activationCode);
});

test('orders of one type that come at once each have a profile of their own from the template', async () => {
  const ranges = { iccid_start: '890010155500000000', imsi_start: '001015550000000' };
  await server.api.createProfileTemplate({ profile_type: 'rush', size: 60, ...ranges });
  const orders = Array.from({ length: 50 }, () =>
    server.api.orderEUICCProfileOfType({ profile_type: 'rush' }),
  );
  const made = (await Promise.all(orders)).map(({ data }) => data);
  assert.equal(new Set(made.map(({ iccid }) => iccid)).size, 50);
  assert.equal(new Set(made.map(({ subscription }) => subscription?.ki)).size, 50);
  const { activation_code = '' } = made[49] ?? {};
  await using phone = await newPhone(server);
  await downloadBy(phone, activation_code);
  await server.api.generateFromProfileTemplate('rush', { count: 10 });
  assert.equal((await server.api.getProfileTemplate('rush')).data.free_numbers, 0);
});
