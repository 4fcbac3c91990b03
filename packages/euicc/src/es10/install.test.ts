import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { concat, decode, encodeWithBytes, fromHex, readAt, tlv } from '@esim-rsp/codec';
import { profileClasses, StoreMetadataRequest } from '@esim-rsp/sgp22/asn1/bound-profile-package';
import { EUICCInfo2, PPR1, PPR2 } from '@esim-rsp/sgp22/asn1/euicc-info';
import type { ProfileInstallationResult } from '@esim-rsp/sgp22/asn1/notification';
import { readProfilePackage } from '@esim-rsp/sgp22/profile/read';
import { iccidToSwappedBcd } from '@esim-rsp/sgp22/value/iccid';
import fc from 'fast-check';
import { byIccid, disable, enable, remove } from '../commands.harness.ts';
import { freeMemory } from '../index.ts';
import { bound, mustFail, ready } from '../loading.harness.ts';
import { dpOn, newCard } from '../pki.harness.ts';
import {
  builtPackage,
  enlarged,
  nextIccid,
  profileOwner,
  testProfile,
  withElements,
} from '../profile.harness.ts';
import { dataOf, downloaded, load, readerWith } from '../server.harness.ts';

const dp = dpOn();

function iccidIn(result: ProfileInstallationResult): Uint8Array | undefined {
  return result.profileInstallationResultData.value.notificationMetadata.iccid;
}

test('an ICCID that is installed already is refused(9), and the result names it', async () => {
  const { reader, binding } = ready();
  const { profile } = await downloaded(reader, dp);
  const again = ready(reader);
  const result = await mustFail(again, bound(again.binding, profile), {
    at: 'storeMetadata',
    why: 'installFailedDueToIccidAlreadyExistsOnEuicc',
  });
  assert.deepEqual(iccidIn(result), iccidToSwappedBcd(profile.iccid));
  assert.notDeepEqual(again.binding.transactionId, binding.transactionId);
});

test('a profile with PPR1 beside an operational profile is pprNotAllowed(15)', async () => {
  const reader = readerWith(newCard());
  await downloaded(reader, dp);
  const { binding } = ready(reader);
  const profile = testProfile({ profilePolicyRules: new Set([PPR1]), profileOwner });
  await mustFail({ reader, binding }, bound(binding, profile), { at: 'storeMetadata', why: 'pprNotAllowed' });
});

test('a rule that the rules authorisation table does not name is pprNotAllowed(15)', async () => {
  const { reader, binding } = ready();
  const profile = testProfile({ profilePolicyRules: new Set([PPR2, 3]), profileOwner });
  await mustFail({ reader, binding }, bound(binding, profile), { at: 'storeMetadata', why: 'pprNotAllowed' });
});

test('PPR1 is allowed on an empty card, beside a test profile, and PPR2 anywhere', async () => {
  const reader = readerWith(newCard());
  const withRules = (...rules: number[]) => testProfile({ profilePolicyRules: new Set(rules), profileOwner });
  await downloaded(reader, dp, testProfile({ profileClass: profileClasses.test }));
  await downloaded(reader, dp, withRules(PPR1));
  await downloaded(reader, dp, withRules(0, PPR2));
  assert.equal(reader.card().profiles.length, 3);
});

const metadataFaults: Record<string, Partial<StoreMetadataRequest>> = {
  'policy rules without an owner': { profilePolicyRules: new Set([PPR2]) },
  'an icon without its type': { icon: new Uint8Array(100) },
  'the type of an icon without the icon': { iconType: 1 },
};

for (const [fault, changes] of Object.entries(metadataFaults))
  test(`${fault}: incorrectInputValues(1) in StoreMetadata`, async () => {
    const { reader, binding } = ready();
    const segments = bound(binding, testProfile(changes));
    await mustFail({ reader, binding }, segments, { at: 'storeMetadata', why: 'incorrectInputValues' });
  });

test('metadata of several segments, with the largest icon, are stored', async () => {
  const reader = readerWith(newCard());
  const { profile } = await downloaded(
    reader,
    dp,
    testProfile({ iconType: 1, icon: new Uint8Array(1024).fill(9) }),
  );
  assert.deepEqual(reader.card().profiles[0]?.metadata, profile.metadata.bytes);
});

const data = { at: 'loadProfileElements' } as const;

test('a package of another ICCID than its metadata is installFailedDueToDataMismatch(13)', async () => {
  const { reader, binding } = ready();
  const profile = { ...testProfile(), upp: builtPackage(nextIccid()) };
  const result = await mustFail({ reader, binding }, bound(binding, profile), {
    ...data,
    why: 'installFailedDueToDataMismatch',
  });
  assert.deepEqual(iccidIn(result), iccidToSwappedBcd(profile.iccid));
});

const elementFaults: Record<string, readonly [(elements: Uint8Array[]) => Uint8Array[], status: string]> = {
  'without an end': [(elements) => elements.slice(0, -1), '3007a0053003800103'],
  'without a header': [(elements) => elements.slice(1), '3007a0053003800103'],
  'that breaks off inside an element': [
    (elements) => [...elements.slice(0, -1), (elements.at(-1) as Uint8Array).subarray(0, -1)],
    '3007a0053003800103',
  ],
  'of version 4': [
    ([header = concat(), ...others]) => [withMajorVersion(header, 4), ...others],
    '3007a005300380011f',
  ],
};

function withMajorVersion(header: Uint8Array, version: number): Uint8Array {
  const [, ...others] = readAt(header, 0).children();
  return tlv(0xa0, tlv(0x80, Uint8Array.of(version)), ...others.map(({ bytes }) => bytes));
}

for (const [fault, [change, status]] of Object.entries(elementFaults))
  test(`a profile ${fault} is installFailedDueToPEProcessingError(12) with the status of the element`, async () => {
    const { reader, binding } = ready();
    const segments = bound(binding, withElements(testProfile(), change));
    const result = await mustFail({ reader, binding }, segments, {
      ...data,
      why: 'installFailedDueToPEProcessingError',
    });
    const { finalResult } = result.profileInstallationResultData.value;
    assert.ok('errorResult' in finalResult);
    assert.deepEqual(finalResult.errorResult.simaResponse, fromHex(status));
  });

test('a profile larger than the free memory is installFailedDueToInsufficientMemoryForProfile(10), before its end', async () => {
  const { reader, binding } = ready(readerWith({ ...newCard(), memory: 20_000 }));
  const profile = enlarged(testProfile(), 20_000);
  const result = await mustFail({ reader, binding }, bound(binding, profile).slice(0, -1), {
    ...data,
    why: 'installFailedDueToInsufficientMemoryForProfile',
  });
  assert.deepEqual(iccidIn(result), iccidToSwappedBcd(profile.iccid));
});

test('a profile that fills the memory to the last octet is installed, one octet more is refused', async () => {
  const profile = testProfile();
  const octets = profile.upp.length + profile.metadata.bytes.length;
  const exact = readerWith({ ...newCard(), memory: octets });
  await downloaded(exact, dp, profile);
  assert.equal(freeMemory(exact.card()), 0);
  const info = decode(EUICCInfo2, dataOf(exact.transmit(fromHex('bf2200'))));
  assert.deepEqual(info.extCardResource, fromHex('810101820400000000830400004000'));

  const { reader, binding } = ready(readerWith({ ...newCard(), memory: octets - 1 }));
  const segments = bound(binding, profile);
  for (const segment of segments.slice(0, -1)) assert.equal(dataOf(reader.transmit(segment)).length, 0);
  assert.notEqual(dataOf(reader.transmit(segments.at(-1) as Uint8Array)).length, 0);
  assert.deepEqual(reader.card().profiles, []);
});

test('memory that a deleted profile leaves is free again', async () => {
  const reader = readerWith(newCard());
  const before = freeMemory(reader.card());
  const { profile } = await downloaded(reader, dp);
  const used = profile.upp.length + profile.metadata.bytes.length;
  assert.equal(freeMemory(reader.card()), before - used);
  dataOf(reader.transmit(tlv(0xbf33, tlv(0x5a, iccidToSwappedBcd(profile.iccid)))));
  assert.equal(freeMemory(reader.card()), before);
});

const published = new URL('../../../../../shared/data/profiles/', import.meta.url);
const skip = existsSync(published) ? false : 'the published profiles are not at ../shared/data/profiles';

test('the published TS.48 profiles are installed, byte for byte', { skip }, async () => {
  const reader = readerWith(newCard());
  for (const name of readdirSync(published)) {
    const upp = Uint8Array.from(readFileSync(new URL(name, published)));
    const { iccid } = readProfilePackage(upp);
    const { metadata } = testProfile();
    const named = encodeWithBytes(StoreMetadataRequest, {
      ...metadata.value,
      iccid: iccidToSwappedBcd(iccid),
    });
    reader.change((card) => ({ ...card, profiles: [] }));
    await downloaded(reader, dp, { iccid, metadata: named, upp });
    assert.deepEqual(reader.card().profiles[0]?.upp, upp, name);
  }
});

/** The octets with some of them changed. */
function mutationsOf(octets: Uint8Array): fc.Arbitrary<Uint8Array> {
  const change = fc.tuple(fc.nat(octets.length - 1), fc.integer({ min: 0, max: 255 }));
  return fc
    .array(change, { maxLength: 3 })
    .map((changes) => changes.reduce((mutated, [at, octet]) => mutated.with(at, octet), octets));
}

test('whatever a genuine SM-DP+ puts into a package, there is a result, and what is installed can be used', () => {
  const profile = testProfile({ iconType: 1, icon: new Uint8Array(3), profileOwner });
  const { reader, binding } = ready();
  const prepared = reader.card();
  const any = fc.uint8Array({ minLength: 1, maxLength: 100 });
  const metadata = fc.oneof({ weight: 5, arbitrary: mutationsOf(profile.metadata.bytes) }, any);
  const upp = fc.oneof({ weight: 5, arbitrary: mutationsOf(profile.upp) }, any);
  fc.assert(
    fc.property(metadata, upp, (storeMetadata, loadProfileElements) => {
      reader.change(() => prepared);
      const commands = { storeMetadata, loadProfileElements };
      const result = load(reader, bound(binding, profile, { commands }));
      assert.ok(result);
      const { finalResult } = result.profileInstallationResultData.value;
      const { profiles } = reader.card();
      assert.equal(profiles.length, 'successResult' in finalResult ? 1 : 0);
      for (const { iccid } of profiles)
        for (const command of [enable, disable, remove]) command(reader, byIccid(iccid));
      for (const request of ['bf2d00', 'bf2800', 'bf2b00']) dataOf(reader.transmit(fromHex(request)));
    }),
    { numRuns: 300 },
  );
});
