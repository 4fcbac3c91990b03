import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DerError, encode, fromHex, keep, made, toHex } from '@esim-rsp/codec';
import fc from 'fast-check';
import { CancelSessionResponse } from '../asn1/download.ts';
import { EUICCInfo1 } from '../asn1/euicc-info.ts';
import { NotificationMetadata, PendingNotification } from '../asn1/notification.ts';
import { parseTransactionId } from '../value/transaction-id.ts';
import {
  readAsn1Request,
  readAsn1Response,
  writeAsn1Refusal,
  writeAsn1Request,
  writeAsn1Response,
} from './asn1-binding.ts';

const euiccInfo1 = keep(EUICCInfo1, fromHex('bf200b8203020202a9020400aa00'));
const euiccChallenge = fromHex('00112233445566778899aabbccddeeff');
const transactionId = parseTransactionId('0A0B');

test('InitiateAuthentication is A2 { BF39 { 81 challenge, 83 address, BF20 } }', () => {
  const bytes = writeAsn1Request('initiateAuthentication', {
    euiccChallenge,
    smdpAddress: 'a.b',
    euiccInfo1,
  });
  assert.equal(
    toHex(bytes),
    'a228bf3925811000112233445566778899aabbccddeeff8303612e62bf200b8203020202a9020400aa00',
  );
  const { name, request } = readAsn1Request(bytes);
  assert.equal(name, 'initiateAuthentication');
  assert.deepEqual(request, { euiccChallenge, smdpAddress: 'a.b', euiccInfo1 });
});

test('the response to CancelSession is A1 inside BF41, beside the transactionId', () => {
  const bytes = fromHex('a20dbf410a80020a0ba1048101' + '05').slice();
  const cancelSessionResponse = keep(CancelSessionResponse.as('A1'), fromHex('a103810105'));
  const written = writeAsn1Request('cancelSession', { transactionId, cancelSessionResponse });
  assert.equal(toHex(written), 'a20cbf410980020a0ba103810105');
  assert.throws(() => readAsn1Request(bytes), DerError); // one octet too much
  const read = readAsn1Request(written);
  assert.deepEqual(read.request, { transactionId, cancelSessionResponse });
});

test('a notification is A0 inside BF3D', () => {
  const tbsOtherNotification = made(NotificationMetadata, {
    seqNumber: 1,
    profileManagementOperation: new Set([1]),
    notificationAddress: 'a.b',
  });
  const certificate = { bytes: fromHex('3000'), value: undefined as never };
  const notification = encode(PendingNotification, {
    otherSignedNotification: {
      tbsOtherNotification,
      euiccNotificationSignature: new Uint8Array(64),
      euiccCertificate: certificate,
      eumCertificate: certificate,
    },
  });
  const length = notification.length;
  const pendingNotification = {
    bytes: Uint8Array.of(0xa0, length, ...notification),
    value: undefined as never,
  };
  const bytes = writeAsn1Request('handleNotification', { pendingNotification });
  assert.equal(
    toHex(bytes.subarray(0, 9)),
    `a27bbf3d78a0763074`
      .replace('7b', toHex(Uint8Array.of(length + 5)))
      .replace('78', toHex(Uint8Array.of(length + 2)))
      .replace('76', toHex(Uint8Array.of(length)))
      .replace('74', toHex(Uint8Array.of(length - 2))),
  );
});

test('a success is A0, a refusal the number that stands for its codes, 127 for those without one', () => {
  assert.equal(toHex(writeAsn1Response('cancelSession', {})), 'a205bf4102a000');
  const status = { subjectCode: '8.2.6', reasonCode: '3.8', message: '' } as const;
  assert.equal(toHex(writeAsn1Refusal('authenticateClient', status)), 'a206bf3b03810106');
  assert.equal(toHex(writeAsn1Refusal('cancelSession', status)), 'a206bf410381017f');
  assert.deepEqual(readAsn1Response('authenticateClient', fromHex('a206bf3b03810106')), { error: 6 });
});

test('any change of a request is read or refused as DER, and never anything else', () => {
  const bytes = writeAsn1Request('initiateAuthentication', {
    euiccChallenge,
    smdpAddress: 'a.b',
    euiccInfo1,
  });
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, octet) => {
      const changed = bytes.with(at, octet);
      try {
        readAsn1Request(changed);
      } catch (error) {
        assert.ok(error instanceof DerError);
      }
    }),
  );
});
