import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decode, encodeWithBytes, fromHex, toHex } from '@esim-rsp/codec';
import { StoreMetadataRequest } from '../asn1/bound-profile-package.ts';
import { parseIccid } from '../value/iccid.ts';
import { mccMncFromBcd, mccMncToBcd } from '../value/mcc-mnc.ts';
import { ValueError } from '../value/value-error.ts';
import { type MetadataOptions, metadataForDevice, storeMetadataFor } from './metadata.ts';

function metadata(terms: MetadataOptions): StoreMetadataRequest {
  const { bytes } = storeMetadataFor({
    iccid: parseIccid('8900101000000000017'),
    serviceProviderName: 'Mobile',
    profileName: 'Plan',
    profileClass: 'operational',
    notificationAddress: 'smdp.example.com:8443',
    ...terms,
  });
  return decode(StoreMetadataRequest, bytes);
}

const png = (length: number) => {
  const icon = new Uint8Array(length);
  icon.set(fromHex('89504e470d0a1a0a'));
  return icon;
};

test('nothing but names asks for every notification', () => {
  const { icon, profileOwner, profilePolicyRules, notificationConfigurationInfo } = metadata({});
  assert.deepEqual([icon, profileOwner, profilePolicyRules], [undefined, undefined, undefined]);
  assert.deepEqual(notificationConfigurationInfo, [
    {
      profileManagementOperation: new Set([0, 1, 2, 3]),
      notificationAddress: 'smdp.example.com:8443',
    },
  ]);
});

test('the first octets of an icon decide its type', () => {
  assert.equal(metadata({ icon: png(1024) }).iconType, 1);
  assert.equal(metadata({ icon: fromHex('ffd8ffe000104a464946') }).iconType, 0);
  assert.throws(() => metadata({ icon: fromHex('47494638') }), ValueError);
  assert.throws(() => metadata({ icon: fromHex('ffd8') }), ValueError);
  assert.throws(() => metadata({ icon: png(1025) }), /^ValueError: icon has 1025 octets/);
});

test('policy rules name their owner', () => {
  const owner = { mccMnc: '00101', gid1: fromHex('aa') };
  const built = metadata({ policyRules: ['ppr2', 'ppr1'], owner });
  assert.deepEqual(built.profilePolicyRules, new Set([1, 2]));
  assert.deepEqual(built.profileOwner, { mccMnc: fromHex('00f110'), gid1: fromHex('aa') });
  assert.throws(() => metadata({ policyRules: ['ppr1'] }), /names its owner/);
});

test('only the selected notifications are configured, or none', () => {
  const [configuration] =
    metadata({ notifications: ['notificationDelete'] }).notificationConfigurationInfo ?? [];
  assert.deepEqual(configuration?.profileManagementOperation, new Set([3]));
  assert.equal(metadata({ notifications: [] }).notificationConfigurationInfo, undefined);
});

test('an MCC with its MNC is swapped, with an F for a missing third digit', () => {
  assert.equal(toHex(mccMncToBcd('26201')), '62f210');
  assert.equal(toHex(mccMncToBcd('310260')), '130062');
  for (const digits of ['26201', '310260']) assert.equal(mccMncFromBcd(mccMncToBcd(digits)), digits);
  for (const wrong of ['2620', '3102601', '2620a', '']) assert.throws(() => mccMncToBcd(wrong), ValueError);
});

test('names with control characters, bidirectional overrides or halves of characters are no metadata', () => {
  const facts = {
    iccid: parseIccid('8900101000000000017'),
    profileClass: 'test',
    notificationAddress: 'a',
  } as const;
  for (const name of ['a\x1bb', 'a\u202eb', 'a\ud83d'])
    for (const names of [
      { serviceProviderName: name, profileName: 'Plan' },
      { serviceProviderName: 'Mobile', profileName: name },
    ])
      assert.throws(() => storeMetadataFor({ ...facts, ...names }), /Name has the character U\+/);
});

test('stored names with such characters reach a device with question marks, and others as they are', () => {
  const { bytes, value } = encodeWithBytes(StoreMetadataRequest, {
    ...metadata({}),
    serviceProviderName: 'Mo\u202ebile',
    profileName: '\x07',
  });
  const sent = metadataForDevice(bytes);
  assert.deepEqual(sent.value, { ...value, serviceProviderName: 'Mo?bile', profileName: '?' });
  assert.deepEqual(decode(StoreMetadataRequest, sent.bytes), sent.value);
  const usual = encodeWithBytes(StoreMetadataRequest, metadata({})).bytes;
  assert.deepEqual(metadataForDevice(usual).bytes, usual);
});
