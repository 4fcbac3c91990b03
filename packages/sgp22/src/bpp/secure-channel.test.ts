import assert from 'node:assert/strict';
import { test } from 'node:test';
import { concat, decodeWithBytes, encode, encodeHeader, fromHex, tlv } from '@esim-rsp/codec';
import { InitialiseSecureChannelRequest } from '../asn1/bound-profile-package.ts';
import { generateSigningKey } from '../crypto/ecdsa.ts';
import { BppFailure } from './failure.ts';
import { readFirstSegment } from './open.ts';
import { initialiseSecureChannel, verifySecureChannel } from './secure-channel.ts';

const dpPb = generateSigningKey('P-256');
const point = (octet: number) => new Uint8Array(65).fill(octet);
const session = { transactionId: fromHex('0a0b'), euiccOtpk: point(5), dpPb: dpPb.verifyingKey };
const channel = { ...session, hostId: fromHex('0102030405060708'), smdpOtpk: point(4), dpPb };

const request = async (changes: Partial<typeof channel> = {}) =>
  decodeWithBytes(InitialiseSecureChannelRequest, await initialiseSecureChannel({ ...channel, ...changes }));

/** A request signed by us whose objects are those of `fields`. */
function signed(...fields: string[]) {
  const objects = fields.map(fromHex);
  const smdpSign = dpPb.sign(...objects, tlv(0x5f49, session.euiccOtpk));
  const bytes = tlv(0xbf23, ...objects, tlv(0x5f37, smdpSign));
  return decodeWithBytes(InitialiseSecureChannelRequest, bytes);
}

function reason(check: () => void): string {
  try {
    check();
  } catch (error) {
    if (error instanceof BppFailure) return `${error.bppCommandId} ${error.errorReason}`;
    throw error;
  }
  return 'none';
}

test('a request made for a session verifies in it', async () => {
  verifySecureChannel(await request(), session);
});

test('a request for another session, eUICC or key is refused, each for its reason', async () => {
  const made = await request();
  const other = { ...session, transactionId: fromHex('0a0c') };
  assert.equal(
    reason(() => verifySecureChannel(made, other)),
    'initialiseSecureChannel invalidTransactionId',
  );
  const foreign = await request({ euiccOtpk: point(6) });
  assert.equal(
    reason(() => verifySecureChannel(foreign, session)),
    'initialiseSecureChannel invalidSignature',
  );
});

const OTPK = `5f4941${'04'.repeat(65)}`;
const CRT = 'a61080018881011084080102030405060708';

test('a signed request for another operation or other keys is refused before its signature counts', () => {
  const operation = signed('820102', '80020a0b', CRT, OTPK);
  assert.equal(
    reason(() => verifySecureChannel(operation, session)),
    'initialiseSecureChannel unsupportedRemoteOperationType',
  );
  for (const crt of [CRT.replace('800188', '800180'), CRT.replace('810110', '810120')])
    assert.equal(
      reason(() => verifySecureChannel(signed('820101', '80020a0b', crt, OTPK), session)),
      'initialiseSecureChannel unsupportedCrtValues',
    );
});

test('the signature covers the objects as they came, an unknown one among them', () => {
  verifySecureChannel(signed('820101', '80020a0b', CRT, OTPK, '9f500100'), session);
});

test('the first segment gives the request and says how much follows', async () => {
  const { bytes, value } = await request();
  const first = concat(encodeHeader(0xbf36, bytes.length + 700), bytes);
  const read = readFirstSegment(first);
  assert.deepEqual(read.request.value, value);
  assert.equal(read.remaining, 700);
  for (const wrong of [bytes, first.subarray(0, -1), concat(first, fromHex('00')), new Uint8Array()])
    assert.equal(
      reason(() => readFirstSegment(wrong)),
      'initialiseSecureChannel incorrectInputValues',
    );
});

test('a request is written as its type writes it', async () => {
  const { bytes, value } = await request();
  assert.deepEqual(encode(InitialiseSecureChannelRequest, value), bytes);
});
