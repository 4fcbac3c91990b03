import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { decode, readOne } from '@esim-rsp/codec';
import { enableProfile, sendNotifications } from '@esim-rsp/euicc';
import type { ProfileLabels } from '@esim-rsp/sdk';
import { StoreMetadataRequest } from '@esim-rsp/sgp22/asn1/bound-profile-package';
import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { downloadBy, newPhone } from '../../harness/phone.ts';
import { released, stateOf, subscription } from '../../harness/profiles.ts';
import { type ServerProcess, startServer } from '../../harness/server.ts';

let server: ServerProcess;
before(async () => {
  server = await startServer();
});
after(() => server[Symbol.asyncDispose]());

const stocked = (terms: ProfileLabels) => released(server, { parameters: subscription(), ...terms });

/** An icon of that many bytes that starts as a PNG. */
function icon(length: number): Buffer {
  const png = Buffer.alloc(length, 0x5a);
  Buffer.from('89504e470d0a1a0a', 'hex').copy(png);
  return png;
}

test('metadata that needs two segments arrives on the phone as it was given', async () => {
  const owner = { mcc_mnc: '00101', gid1: 'aabb', gid2: '01' };
  const { iccid, activationCode } = await stocked({
    icon: icon(1024).toString('base64'),
    profile_policy_rules: ['ppr1', 'ppr2'],
    profile_owner: owner,
    profile_class: 'operational',
  });
  await using phone = await newPhone(server);
  await downloadBy(phone, activationCode);
  const [installed] = phone.phone.card().profiles;
  const metadata = decode(StoreMetadataRequest, installed?.metadata ?? new Uint8Array());
  assert.ok(readOne(installed?.metadata ?? new Uint8Array()).bytes.length > 1008);
  assert.deepEqual(Buffer.from(metadata.icon ?? []), icon(1024));
  assert.deepEqual([metadata.iconType, metadata.profilePolicyRules], [1, new Set([1, 2])]);
  const [notified] = metadata.notificationConfigurationInfo ?? [];
  assert.equal(notified?.notificationAddress, server.smdpAddress);
  const { data } = await server.api.getEUICCProfile(iccid);
  assert.deepEqual(data.profile_owner, owner);
  assert.deepEqual(data.profile_policy_rules, ['ppr1', 'ppr2']);
  assert.equal(data.icon_type, 'png');
});

test('a device reports only what the metadata asks for', async () => {
  const { iccid, activationCode } = await stocked({ notification_events: ['delete'] });
  await using phone = await newPhone(server);
  await downloadBy(phone, activationCode);
  await sendNotifications(phone.env);
  await enableProfile(phone.env.es10, parseIccid(iccid));
  assert.deepEqual((await sendNotifications(phone.env)).sent, []);
  assert.equal(await stateOf(server, iccid), 'INSTALLED');
  assert.deepEqual((await server.api.getEUICCProfile(iccid)).data.notification_events, ['delete']);
});

test('metadata that no eUICC would take is refused with 400 and words', async () => {
  const refused = async (terms: ProfileLabels, words: RegExp) =>
    assert.rejects(stocked(terms), (error: { status?: number; message: string }) => {
      assert.equal(error.status, 400);
      assert.match(error.message, words);
      return true;
    });
  await refused({ icon: icon(1025).toString('base64') }, /icon has 1025 octets/);
  await refused({ icon: Buffer.from('GIF89a').toString('base64') }, /neither PNG nor JPEG/);
  await refused({ icon: '****' }, /icon is not base64/);
  await refused({ profile_policy_rules: ['ppr1'] }, /profile_owner is missing/);
  await refused({ profile_owner: { mcc_mnc: '1' } }, /mcc_mnc/);
  await refused({ notification_events: ['install', 'install'] }, /notification_events/);
});
