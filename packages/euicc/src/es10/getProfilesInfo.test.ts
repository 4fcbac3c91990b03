import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decode, encode, formatTag, fromHex, type Infer, readOne, tlv, toHex } from '@esim-rsp/codec';
import { profileClasses } from '@esim-rsp/sgp22/asn1/bound-profile-package';
import { type ProfileInfo, ProfileInfoListRequest, ProfileInfoListResponse } from '@esim-rsp/sgp22/asn1/es10';
import { PPR2 } from '@esim-rsp/sgp22/asn1/euicc-info';
import { type Iccid, iccidFromSwappedBcd, iccidToSwappedBcd } from '@esim-rsp/sgp22/value/iccid';
import { byIccid, enable, rename } from '../commands.harness.ts';
import { dpOn, newCard } from '../pki.harness.ts';
import { nextIccid, profileOwner, testProfile } from '../profile.harness.ts';
import { dataOf, downloaded, type Reader, readerWith } from '../server.harness.ts';

const serviceSpecificDataStoredInEuicc = fromHex('bf2203800101');
const refArDo = tlv(0xbf76, fromHex('e200'));
const full = testProfile({
  iconType: 0,
  icon: Uint8Array.of(0xff, 0xd8),
  profileOwner,
  profilePolicyRules: new Set([PPR2]),
  serviceSpecificDataStoredInEuicc,
  refArDo,
});
const trial = testProfile({ profileClass: profileClasses.test });

async function card(): Promise<Reader> {
  const reader = readerWith(newCard());
  for (const profile of [full, trial]) await downloaded(reader, dpOn(), profile);
  return reader;
}

function listed(reader: Reader, request: Infer<typeof ProfileInfoListRequest> = {}): readonly ProfileInfo[] {
  const response = decode(
    ProfileInfoListResponse,
    dataOf(reader.transmit(encode(ProfileInfoListRequest, request))),
  );
  assert.ok('profileInfoListOk' in response);
  return response.profileInfoListOk;
}

function iccidsOf(infos: readonly ProfileInfo[]): (Iccid | undefined)[] {
  return infos.map(({ iccid }) => iccid && iccidFromSwappedBcd(iccid));
}

test('a card without profiles answers with an empty list', () => {
  const data = dataOf(readerWith(newCard()).transmit(fromHex('bf2d00')));
  assert.equal(toHex(data), 'bf2d02a000');
});

test('profiles are found by ICCID, AID and class', async () => {
  const reader = await card();
  const { iccid, aid: isdpAid } = reader.card().profiles[1] as { iccid: Iccid; aid: Uint8Array };
  assert.deepEqual(iccidsOf(listed(reader)), [full.iccid, trial.iccid]);
  assert.deepEqual(iccidsOf(listed(reader, { searchCriteria: byIccid(iccid) })), [trial.iccid]);
  assert.deepEqual(iccidsOf(listed(reader, { searchCriteria: { isdpAid } })), [trial.iccid]);
  for (const [name, expected] of [
    ['operational', [full.iccid]],
    ['test', [trial.iccid]],
    ['provisioning', []],
  ] as const)
    assert.deepEqual(
      iccidsOf(listed(reader, { searchCriteria: { profileClass: profileClasses[name] } })),
      expected,
    );
  assert.deepEqual(listed(reader, { searchCriteria: byIccid(nextIccid()) }), []);
});

function tagsOf(reader: Reader, request: Uint8Array): string[] {
  const [first] =
    readOne(dataOf(reader.transmit(request)))
      .children()[0]
      ?.children() ?? [];
  return first?.children().map(({ tag }) => formatTag(tag)) ?? [];
}

test('without a tag list the usual data are reported, as far as they exist', async () => {
  const reader = await card();
  const usual = ['5A', '4F', '9F70', '91', '92', '93', '94', '95'];
  assert.deepEqual(tagsOf(reader, fromHex('bf2d00')), usual);
  rename(reader, full.iccid, 'Travel');
  const [, second] = listed(reader);
  assert.equal(second?.profileClass, profileClasses.test);
  assert.equal(listed(reader)[0]?.profileNickname, 'Travel');
});

test('a tag list is answered with what it names', async () => {
  const reader = await card();
  const named = ['5A', 'B6', 'B7', '99', 'BF22', 'BF76'];
  const request = tlv(0xbf2d, tlv(0x5c, fromHex(named.join(''))));
  assert.deepEqual(tagsOf(reader, request), named);
  const [info] = listed(reader, { tagList: fromHex(named.join('')) });
  assert.deepEqual(info?.iccid, iccidToSwappedBcd(full.iccid));
  assert.deepEqual(info?.profileOwner?.mccMnc, profileOwner.mccMnc);
  assert.deepEqual(info?.profilePolicyRules, new Set([PPR2]));
  assert.deepEqual(info?.serviceSpecificDataStoredInEuicc, serviceSpecificDataStoredInEuicc);
  assert.deepEqual(info?.refArDo, refArDo);
});

test('a tag that nobody knows is passed over', async () => {
  const reader = await card();
  assert.deepEqual(tagsOf(reader, fromHex('bf2d055c039f7fdf')), []);
  assert.deepEqual(tagsOf(reader, fromHex('bf2d055c039f7f5a')), ['5A']);
});

test('the state of a profile is reported', async () => {
  const reader = await card();
  enable(reader, byIccid(trial.iccid));
  assert.deepEqual(
    listed(reader).map(({ profileState }) => profileState),
    [0, 1],
  );
});

test('a search for what cannot be searched for is incorrectInputValues(1)', async () => {
  const reader = await card();
  for (const request of ['bf2d05a003800101', 'bf2d05a003950103', 'bf2d02a000'])
    assert.equal(toHex(dataOf(reader.transmit(fromHex(request)))), 'bf2d03810101', request);
});
