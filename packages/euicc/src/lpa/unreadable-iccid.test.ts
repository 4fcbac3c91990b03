import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encode, fromHex } from '@esim-rsp/codec';
import { ListNotificationResponse, ProfileInfoListResponse } from '@esim-rsp/sgp22/asn1/es10';
import { LpaFailure, listProfiles, waitingNotifications } from '../index.ts';

/** Ten octets that are no digits. */
const iccid = fromHex('aabbccddeeff00112233');

function answering(data: Uint8Array) {
  return { transmit: async () => ({ sw: 0x9000, data }) };
}

/** Found by fuzzing: a ValueError came through. */
test('a card that lists a notification with an ICCID of no digits is an LpaFailure', async () => {
  const notification = {
    seqNumber: 1,
    profileManagementOperation: new Set([0]),
    notificationAddress: 'rsp.example.com',
    iccid,
  };
  const data = encode(ListNotificationResponse, { notificationMetadataList: [notification] });
  await assert.rejects(waitingNotifications(answering(data)), LpaFailure);
});

test('so is a card that lists a profile with one, or with none', async () => {
  for (const info of [{ iccid }, {}]) {
    const data = encode(ProfileInfoListResponse, { profileInfoListOk: [info] });
    await assert.rejects(listProfiles(answering(data)), LpaFailure);
  }
});
