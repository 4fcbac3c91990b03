import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { decode, fromBase64, tlv } from '@esim-rsp/codec';
import { deleteProfile, type Es9Channel, sendNotifications } from '@esim-rsp/euicc';
import type { ProfileProtection } from '@esim-rsp/sdk';
import { BoundProfilePackage } from '@esim-rsp/sgp22/asn1/bound-profile-package';
import { BppFailure } from '@esim-rsp/sgp22/bpp/failure';
import { unprotectWithPpk } from '@esim-rsp/sgp22/bpp/open';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { buildProfilePackage, completeParameters } from '@esim-rsp/sgp22/profile/build';
import { parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { openStoreOf } from '../../harness/database.ts';
import { downloadBy, newPhone } from '../../harness/phone.ts';
import { released, stateOf, subscription } from '../../harness/profiles.ts';
import { type ServerProcess, startServer } from '../../harness/server.ts';

let server: ServerProcess;
before(async () => {
  server = await startServer();
});
after(() => server[Symbol.asyncDispose]());

/** A package as an operator would import it. */
function somePackage(): Uint8Array {
  const { iccid, imsi } = subscription();
  const [ki, opc] = [systemRandom(16), systemRandom(16)];
  return buildProfilePackage(
    completeParameters({ iccid: parseIccid(iccid), imsi, ki, opc, serviceProviderName: 'X' }, systemRandom),
  );
}

/** Keeps what passes of Bound Profile Packages. */
function keeping(packages: Uint8Array[]): (es9: Es9Channel) => Es9Channel {
  return (es9) => ({
    post: async (address, path, body) => {
      const answer = await es9.post(address, path, body);
      const { boundProfilePackage } = (answer.body ?? {}) as { boundProfilePackage?: string };
      if (boundProfilePackage !== undefined) packages.push(fromBase64(boundProfilePackage));
      return answer;
    },
  });
}

const cases: readonly [ProfileProtection | undefined, ProfileProtection][] = [
  ['ppk', 'ppk'],
  ['session_keys', 'session_keys'],
  [undefined, 'ppk'],
];
for (const [asked, protection] of cases)
  test(`a package stocked with ${asked ?? 'nothing said about'} protection arrives byte for byte under ${protection}`, async () => {
    const upp = somePackage();
    const { iccid, activationCode } = await released(server, {
      profile_package: Buffer.from(upp).toString('base64'),
      ...(asked !== undefined && { protection: asked }),
    });
    assert.equal((await server.api.getEUICCProfile(iccid)).data.protection, protection);
    const packages: Uint8Array[] = [];
    await using phone = await newPhone(server, { through: keeping(packages) });
    await downloadBy(phone, activationCode);
    const [installed] = phone.phone.card().profiles;
    assert.deepEqual(Buffer.from(installed?.upp ?? []), Buffer.from(upp));
    const bound = decode(BoundProfilePackage, packages[0] ?? new Uint8Array());
    assert.equal(bound.secondSequenceOf87 !== undefined, protection === 'ppk');
    await sendNotifications(phone.env);
    assert.equal(await stateOf(server, iccid), 'INSTALLED');
  });

test('a profile made from parameters takes the keys of its session, and cannot have keys of its own', async () => {
  const { iccid } = await released(server, { parameters: subscription(), protection: 'session_keys' });
  assert.equal((await server.api.getEUICCProfile(iccid)).data.protection, 'session_keys');
  const input = { parameters: subscription(), protection: 'ppk' } as never;
  await assert.rejects(server.api.createEUICCProfile(input), /protection must be session_keys/);
});

test('a package that is stored protected comes back byte for byte from the database, its keys unprintable', async () => {
  const upp = somePackage();
  const { iccid } = await released(server, { profile_package: Buffer.from(upp).toString('base64') });
  const store = await openStoreOf(server.dataDir);
  const content = await store.content(parseIccid(iccid));
  await store.close();
  assert.ok(content !== undefined && 'ppk' in content);
  assert.equal(JSON.stringify(content.ppk), '"[SessionKeys]"');
  assert.deepEqual(Buffer.from(unprotectWithPpk(content.sequenceOf86, content.ppk)), Buffer.from(upp));
});

test('a second phone receives the same package under other keys, which the first phone does not know', async () => {
  const upp = somePackage();
  const { iccid, activationCode } = await released(
    server,
    { profile_package: Buffer.from(upp).toString('base64') },
    { profile_reuse_policy: { reuse_type: 'SAME_MID', max_count: 1 } },
  );
  const packages: Uint8Array[] = [];
  const keys = async () => {
    const store = await openStoreOf(server.dataDir);
    const content = await store.content(parseIccid(iccid));
    await store.close();
    assert.ok(content !== undefined && 'ppk' in content);
    return content.ppk;
  };
  const before = await keys();
  for (const _ of ['first', 'second']) {
    await using phone = await newPhone(server, { through: keeping(packages) });
    await downloadBy(phone, activationCode);
    assert.deepEqual(Buffer.from(phone.phone.card().profiles[0]?.upp ?? []), Buffer.from(upp));
    await deleteProfile(phone.env.es10, parseIccid(iccid));
    await sendNotifications(phone.env);
  }
  const [first, second] = packages.map((bytes) =>
    tlv(0xa3, ...decode(BoundProfilePackage, bytes).sequenceOf86),
  );
  assert.ok(first && second);
  assert.deepEqual(Buffer.from(unprotectWithPpk(first, before)), Buffer.from(upp));
  assert.throws(() => unprotectWithPpk(second, before), BppFailure);
});
