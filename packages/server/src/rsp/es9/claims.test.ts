import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeWithBytes, fromHex } from '@esim-rsp/codec';
import { notificationEvents } from '@esim-rsp/sgp22/asn1/bound-profile-package';
import { NotificationMetadata, PendingNotification } from '@esim-rsp/sgp22/asn1/notification';
import { generateSigningKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { makeTestPki } from '@esim-rsp/sgp22/pki/test-pki';
import { completeEid } from '@esim-rsp/sgp22/value/eid';
import { iccidToSwappedBcd, parseIccid } from '@esim-rsp/sgp22/value/iccid';
import { claimsIn } from './claims.ts';

const eid = completeEid('890490320010012345001234567890');
const iccid = parseIccid('8900101000000000019');
const pki = makeTestPki({
  now: Date.UTC(2030, 0),
  random: systemRandom,
  generateKey: generateSigningKey,
  curve: 'P-256',
  hosts: ['localhost'],
  eids: [eid],
});

/** An OtherSignedNotification about these octets of an ICCID; nobody has signed it. */
function notification(octets: Uint8Array | undefined) {
  const tbsOtherNotification = encodeWithBytes(NotificationMetadata, {
    seqNumber: 1,
    profileManagementOperation: new Set([notificationEvents.notificationDelete]),
    notificationAddress: 'localhost',
    ...(octets !== undefined && { iccid: octets }),
  });
  const [euicc = assert.fail()] = pki.euiccs;
  const pendingNotification = encodeWithBytes(PendingNotification, {
    otherSignedNotification: {
      tbsOtherNotification,
      euiccNotificationSignature: new Uint8Array(64),
      euiccCertificate: euicc.certificate,
      eumCertificate: pki.eum.certificate,
    },
  });
  return { pendingNotification };
}

test('a notification claims its eUICC and its profile, also with a wrong signature', () => {
  assert.deepEqual(claimsIn(notification(iccidToSwappedBcd(iccid))), { eid, iccid });
});

test('octets that are no ICCID, and requests that could not be read, claim nothing', () => {
  assert.deepEqual(claimsIn(notification(fromHex('abcdefabcdefabcdefab'))), { eid });
  assert.deepEqual(claimsIn(notification(undefined)), { eid });
  for (const request of [undefined, null, {}, { transactionId: '00' }])
    assert.deepEqual(claimsIn(request), {});
});
