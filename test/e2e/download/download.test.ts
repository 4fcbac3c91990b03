import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import {
  deleteProfile,
  disableProfile,
  download,
  enableProfile,
  sendNotifications,
  waitingNotifications,
} from '@esim-rsp/euicc';
import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { downloadBy, newPhone, refusedAt } from '../../harness/phone.ts';
import { released, stateOf, subscription } from '../../harness/profiles.ts';
import { qrTextOf } from '../../harness/read-qr-code.ts';
import { type ServerProcess, startServer } from '../../harness/server.ts';

let server: ServerProcess;
before(async () => {
  server = await startServer();
});
after(() => server[Symbol.asyncDispose]());

test('an own-built profile is downloaded by its QR code, and the API says what the phone did', async () => {
  const { iccid, activationCode } = await released(server);
  const { data: file } = await server.api.getQRCode(iccid);
  assert.equal(qrTextOf(Buffer.from(await file.arrayBuffer())), activationCode);

  await using phone = await newPhone(server);
  const downloaded = await downloadBy(phone, activationCode);
  assert.equal(downloaded.iccid, iccid);
  assert.equal(await stateOf(server, iccid), 'DOWNLOADED');

  const reported = async (state: string) => {
    const { sent, waiting } = await sendNotifications(phone.env);
    assert.deepEqual([sent.length > 0, waiting], [true, []]);
    assert.equal(await stateOf(server, iccid), state);
  };
  await reported('INSTALLED');
  await enableProfile(phone.env.es10, parseIccid(iccid));
  await reported('ENABLED');
  await disableProfile(phone.env.es10, parseIccid(iccid));
  await reported('DISABLED');
  await deleteProfile(phone.env.es10, parseIccid(iccid));
  await reported('DELETED');
  assert.deepEqual(await waitingNotifications(phone.env.es10), []);
  const { data: last } = await server.api.getEUICCProfile(iccid);
  assert.equal(last.eid, phone.phone.card().eid);
  assert.equal(last.activation_code, '');
});

test('each step is reported in its order', async () => {
  const { activationCode } = await released(server);
  await using phone = await newPhone(server);
  await downloadBy(phone, activationCode);
  assert.deepEqual(
    phone.said.map(({ name }) => name),
    [
      'getEuiccInfo',
      'initiateAuthentication',
      'authenticateServer',
      'authenticateClient',
      'prepareDownload',
      'getBoundProfilePackage',
      'loadBoundProfilePackage',
    ],
  );
});

const profiles = new URL('../../../../shared/data/profiles/', import.meta.url);
const skip = existsSync(profiles) ? false : 'the published TS.48 profiles are not present';

for (const name of ['TS48v1_A.der', 'TS48v5_SAIP2.3_BERTLV_SUCI.der'])
  test(`${name} arrives byte for byte`, { skip }, async () => {
    const file = Uint8Array.from(readFileSync(new URL(name, profiles)));
    // Both files name one ICCID, so each goes through a server of its own.
    await using own = await startServer();
    const content = { profile_package: Buffer.from(file).toString('base64') };
    const { iccid, activationCode } = await released(own, content, { confirmation_code: '1234' });
    await using phone = await newPhone(own);
    await downloadBy(phone, activationCode, '1234');
    const [installed] = phone.phone.card().profiles;
    assert.equal(installed?.iccid, iccid);
    assert.ok(Buffer.from(installed.upp).equals(file));
  });

test('a wrong confirmation code can be corrected in the same session', async () => {
  const { iccid, activationCode } = await released(server, undefined, { confirmation_code: 'right-1' });
  await using phone = await newPhone(server);
  await downloadBy(phone, activationCode, 'wrong', 'right-1');
  assert.equal(phone.said.filter(({ name }) => name === 'initiateAuthentication').length, 1);
  await sendNotifications(phone.env);
  assert.equal(await stateOf(server, iccid), 'INSTALLED');
});

test('without the confirmation code nothing is downloaded, and the order stays', async () => {
  const { iccid, activationCode } = await released(server, undefined, { confirmation_code: 'right-1' });
  await using phone = await newPhone(server);
  await assert.rejects(downloadBy(phone, activationCode), {
    name: 'LpaFailure',
    step: 'prepareDownload',
    message: 'the operator asks for a confirmation code',
  });
  assert.equal(await stateOf(server, iccid), 'RELEASED');
  await downloadBy(phone, activationCode, 'right-1');
});

test('the last wrong confirmation code ends the order', async () => {
  const { iccid, activationCode } = await released(server, undefined, { confirmation_code: 'right-1' });
  await using phone = await newPhone(server);
  await assert.rejects(
    downloadBy(phone, activationCode, ...Array.from({ length: 5 }, () => 'wrong')),
    refusedAt('getBoundProfilePackage', '8.2.7/6.4'),
  );
  assert.equal(await stateOf(server, iccid), 'ERROR');
});

test('a default SM-DP+ order is found by the EID alone', async () => {
  await using phone = await newPhone(server);
  const { eid, defaultDpAddress: smdpAddress } = phone.phone.card();
  const { iccid, activationCode } = await released(server, undefined, { eid, matching_id: '' });
  assert.equal(activationCode, '');
  const input = {
    source: { smdpAddress },
    consent: async () => true,
    confirmationCode: async () => undefined,
  };
  assert.equal((await download(input, phone.env)).iccid, iccid);
  await sendNotifications(phone.env);
  assert.equal(await stateOf(server, iccid), 'INSTALLED');
});

test('an order for one eUICC is refused to another', async () => {
  await using mine = await newPhone(server);
  await using other = await newPhone(server);
  const { iccid, activationCode } = await released(server, undefined, { eid: mine.phone.card().eid });
  await assert.rejects(downloadBy(other, activationCode), refusedAt('authenticateClient', '8.1.1/3.8'));
  assert.equal(await stateOf(server, iccid), 'RELEASED');
  await downloadBy(mine, activationCode);
});

test('an order that one eUICC has downloaded is refused to another', async () => {
  const { activationCode } = await released(server);
  await using first = await newPhone(server);
  await using second = await newPhone(server);
  await downloadBy(first, activationCode);
  await assert.rejects(downloadBy(second, activationCode), { step: 'authenticateClient' });
});

test('an unknown MatchingID is refused with 8.2.6/3.8 and words', async () => {
  await using phone = await newPhone(server);
  const unknown = `LPA:1$${server.smdpAddress}$NOBODY-KNOWS-THIS`;
  await assert.rejects(downloadBy(phone, unknown), refusedAt('authenticateClient', '8.2.6/3.8'));
});

test('a user who declines cancels the session, and the order ends', async () => {
  const { iccid, activationCode } = await released(server);
  await using phone = await newPhone(server);
  const [, address = '', matchingId = ''] = activationCode.split('$');
  const input = {
    source: { smdpAddress: address, matchingId },
    consent: async () => false,
    confirmationCode: async () => undefined,
  };
  await assert.rejects(download(input, phone.env), { step: 'consent', message: 'the profile was declined' });
  assert.equal(phone.said.at(-1)?.name, 'cancelSession');
  assert.equal(await stateOf(server, iccid), 'ERROR');
});

test('a profile that is on the phone already is refused by it, and the API shows why', async () => {
  const parameters = subscription();
  const { activationCode } = await released(server, { parameters });
  await using phone = await newPhone(server);
  await downloadBy(phone, activationCode);
  // Another server under the same CI that has the same subscription once more.
  await using twin = await startServer({ ESIM_PKI_DIR: `${server.dataDir}/pki` });
  const again = await released(twin, { parameters });
  await assert.rejects(downloadBy(phone, again.activationCode), {
    step: 'loadBoundProfilePackage',
    message: /^a profile with this ICCID is on the eUICC already/,
  });
  await sendNotifications(phone.env);
  const { data } = await twin.api.getEUICCProfile(again.iccid);
  assert.equal(data.state, 'ERROR');
  assert.ok(data.state_reason);
});
