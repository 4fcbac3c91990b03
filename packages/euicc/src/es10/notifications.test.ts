import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decode, encode, fromHex, type Infer, toHex } from '@esim-rsp/codec';
import { notificationEvents } from '@esim-rsp/sgp22/asn1/bound-profile-package';
import {
  ListNotificationRequest,
  ListNotificationResponse,
  RetrieveNotificationsListRequest,
  RetrieveNotificationsListResponse,
} from '@esim-rsp/sgp22/asn1/es10';
import type { NotificationMetadata, PendingNotification } from '@esim-rsp/sgp22/asn1/notification';
import { createChainVerifier } from '@esim-rsp/sgp22/pki/euicc-chain';
import { trustCi } from '@esim-rsp/sgp22/pki/trust';
import { iccidToSwappedBcd } from '@esim-rsp/sgp22/value/iccid';
import { byIccid, disable, enable, remove, removeNotification, reset } from '../commands.harness.ts';
import { dpOn, EID, makerEnv, newCard, pkiOn } from '../pki.harness.ts';
import { NOTIFICATION_ADDRESS, type TestProfile, testProfile } from '../profile.harness.ts';
import { dataOf, downloaded, type Reader, readerWith, SMDP_ADDRESS } from '../server.harness.ts';

const { notificationInstall, notificationEnable, notificationDisable, notificationDelete } =
  notificationEvents;

function list(reader: Reader, ...events: number[]): readonly NotificationMetadata[] {
  const request = events.length === 0 ? {} : { profileManagementOperation: new Set(events) };
  const data = dataOf(reader.transmit(encode(ListNotificationRequest, request)));
  const response = decode(ListNotificationResponse, data);
  assert.ok('notificationMetadataList' in response);
  return response.notificationMetadataList;
}

type Criteria = Infer<typeof RetrieveNotificationsListRequest>['searchCriteria'];

function retrieve(reader: Reader, searchCriteria?: Criteria): readonly PendingNotification[] {
  const request = searchCriteria === undefined ? {} : { searchCriteria };
  const data = dataOf(reader.transmit(encode(RetrieveNotificationsListRequest, request)));
  const response = decode(RetrieveNotificationsListResponse, data);
  assert.ok('notificationList' in response);
  return response.notificationList;
}

/** A card on which a profile was downloaded, enabled, disabled and deleted. */
async function busyCard(): Promise<{ readonly reader: Reader; readonly profile: TestProfile }> {
  const reader = readerWith(newCard());
  const { profile } = await downloaded(reader, dpOn());
  for (const command of [enable, disable, remove]) assert.equal(command(reader, byIccid(profile.iccid)), 0);
  return { reader, profile };
}

test('everything that happens to a profile is listed, in its order, with the address it goes to', async () => {
  const { reader, profile } = await busyCard();
  const expected = [
    [1, notificationInstall, SMDP_ADDRESS],
    [2, notificationInstall, NOTIFICATION_ADDRESS],
    [3, notificationEnable, NOTIFICATION_ADDRESS],
    [4, notificationDisable, NOTIFICATION_ADDRESS],
    [5, notificationDelete, NOTIFICATION_ADDRESS],
  ];
  const listed = list(reader);
  assert.deepEqual(
    listed.map(({ seqNumber, profileManagementOperation: [event], notificationAddress }) => [
      seqNumber,
      event,
      notificationAddress,
    ]),
    expected,
  );
  for (const { iccid } of listed) assert.deepEqual(iccid, iccidToSwappedBcd(profile.iccid));
});

test('every notification is signed by the eUICC, whose certificates come with it or with the session', async () => {
  const { reader } = await busyCard();
  const verifyEuicc = createChainVerifier([trustCi(pkiOn('P-256').ci.certificate)]);
  const [result, ...others] = retrieve(reader);
  assert.equal(others.length, 4);
  const senders = others.map((notification) => {
    assert.ok('otherSignedNotification' in notification);
    const { tbsOtherNotification, euiccNotificationSignature, ...certificates } =
      notification.otherSignedNotification;
    const { eid, publicKey } = verifyEuicc({ ...certificates, now: makerEnv.now });
    assert.ok(publicKey.verify(euiccNotificationSignature, tbsOtherNotification.bytes));
    assert.equal(eid, EID);
    return publicKey;
  });
  assert.ok(result && 'profileInstallationResult' in result);
  const { profileInstallationResultData, euiccSignPIR } = result.profileInstallationResult;
  assert.ok(senders[0]?.verify(euiccSignPIR, profileInstallationResultData.bytes));
});

test('notifications are found by event, several at once, and by number', async () => {
  const { reader } = await busyCard();
  const numbers = (...events: number[]) => list(reader, ...events).map(({ seqNumber }) => seqNumber);
  assert.deepEqual(numbers(notificationInstall), [1, 2]);
  assert.deepEqual(numbers(notificationEnable, notificationDelete), [3, 5]);
  assert.equal(retrieve(reader, { seqNumber: 4 }).length, 1);
  assert.equal(retrieve(reader, { seqNumber: 99 }).length, 0);
  const profileManagementOperation = new Set([notificationInstall, notificationDisable]);
  assert.equal(retrieve(reader, { profileManagementOperation }).length, 3);
});

test('a card without notifications answers with empty lists', () => {
  const reader = readerWith(newCard());
  assert.equal(toHex(dataOf(reader.transmit(fromHex('bf2800')))), 'bf2802a000');
  assert.equal(toHex(dataOf(reader.transmit(fromHex('bf2b00')))), 'bf2b02a000');
});

test('a notification is removed by its number, exactly one, and then there is nothing to delete(1)', async () => {
  const { reader } = await busyCard();
  assert.equal(removeNotification(reader, 3), 0);
  assert.deepEqual(
    list(reader).map(({ seqNumber }) => seqNumber),
    [1, 2, 4, 5],
  );
  const before = reader.card();
  assert.equal(removeNotification(reader, 3), 1);
  assert.equal(removeNotification(reader, 0), 1);
  assert.deepEqual(reader.card(), before);
});

test('a number is never used again: not after its notification was removed, nor after a memory reset', async () => {
  const { reader } = await busyCard();
  for (const { seqNumber } of list(reader)) removeNotification(reader, seqNumber);
  await downloaded(reader, dpOn());
  assert.deepEqual(
    list(reader).map(({ seqNumber }) => seqNumber),
    [6, 7],
  );
  assert.equal(reset(reader, 0, 1, 2), 0);
  await downloaded(reader, dpOn());
  assert.deepEqual(
    list(reader).map(({ seqNumber }) => seqNumber),
    [6, 7, 8, 9, 10],
  );
});

test('an event is reported to the addresses that the metadata name for it, and to no others', async () => {
  const reader = readerWith(newCard());
  const info = (notificationAddress: string, ...events: number[]) => ({
    profileManagementOperation: new Set(events),
    notificationAddress,
  });
  const profile = testProfile({
    notificationConfigurationInfo: [
      info('a.example.com', notificationEnable, notificationDelete),
      info('b.example.com', notificationEnable),
    ],
  });
  await downloaded(reader, dpOn(), profile);
  for (const command of [enable, disable, remove]) command(reader, byIccid(profile.iccid));
  assert.deepEqual(
    list(reader).map(({ profileManagementOperation: [event], notificationAddress }) => [
      event,
      notificationAddress,
    ]),
    [
      [notificationInstall, SMDP_ADDRESS],
      [notificationEnable, 'a.example.com'],
      [notificationEnable, 'b.example.com'],
      [notificationDelete, 'a.example.com'],
    ],
  );
});
