import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DerError, decodeWithBytes, fromHex, tlv, toHex } from '@esim-rsp/codec';
import fc from 'fast-check';
import { CancelSessionResponse } from '../asn1/download.ts';
import { EUICCInfo1 } from '../asn1/euicc-info.ts';
import { PendingNotification } from '../asn1/notification.ts';
import { parseTransactionId } from '../value/transaction-id.ts';
import {
  readAsn1Request,
  readAsn1Response,
  writeAsn1Refusal,
  writeAsn1Request,
  writeAsn1Response,
} from './asn1-binding.ts';

const euiccInfo1 = decodeWithBytes(EUICCInfo1, fromHex('bf200b8203020202a9020400aa00'));
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

for (const [what, text] of [
  ['a line break', 'a\nb'],
  ['an escape', 'a\u001bb'],
  ['a bidirectional override', 'a\u202eb'],
] as const)
  test(`a text with ${what} is refused as DER`, () => {
    const written = writeAsn1Request('initiateAuthentication', {
      euiccChallenge,
      smdpAddress: text,
      euiccInfo1,
    });
    assert.throws(
      () => readAsn1Request(written),
      /smdpAddress: a text has the character U\+[0-9A-F]{4}, which is not allowed/,
    );
  });

test('half of a surrogate pair is no UTF-8, so it is refused as DER', () => {
  const message = { euiccChallenge, smdpAddress: 'abc', euiccInfo1 };
  const written = toHex(writeAsn1Request('initiateAuthentication', message)).replace('616263', 'eda080');
  assert.throws(() => readAsn1Request(fromHex(written)), DerError);
});

test('the response to CancelSession is A1 inside BF41, beside the transactionId', () => {
  const cancelSessionResponse = decodeWithBytes(CancelSessionResponse, fromHex('bf4103810105'));
  const written = writeAsn1Request('cancelSession', { transactionId, cancelSessionResponse });
  assert.equal(toHex(written), 'a20cbf410980020a0ba103810105');
  assert.deepEqual(readAsn1Request(written).request, { transactionId, cancelSessionResponse });
  const oneOctetTooMuch = Uint8Array.of(...written, 5);
  assert.throws(() => readAsn1Request(oneOctetTooMuch), DerError);
});

test('a notification is A0 inside BF3D, and what was signed stays as it came', () => {
  // The bit string ends in needless zeros, as some cards write it: the signature covers them.
  const metadata = fromHex('bf2f0e8001018104008000000c03612e62');
  const failure = fromHex('a208a106800100810101');
  const data = tlv(0xbf27, fromHex('80020a0b'), metadata, failure);
  const notification = tlv(0xbf37, data, tlv(0x5f37, new Uint8Array(64)));
  const pendingNotification = decodeWithBytes(PendingNotification, notification);
  const written = writeAsn1Request('handleNotification', { pendingNotification });
  assert.deepEqual(written, tlv(0xa2, tlv(0xbf3d, tlv(0xa0, notification))));
  assert.deepEqual(readAsn1Request(written).request, { pendingNotification });
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
