import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decode, encode, oidContent } from '@esim-rsp/codec';
import {
  CancelSessionRequest,
  CancelSessionResponse,
  cancelSessionReasons,
} from '@esim-rsp/sgp22/asn1/download';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { readCertificate } from '@esim-rsp/sgp22/pki/certificate';
import { dpOn, newCard, SMDP_OID } from '../pki.harness.ts';
import { testProfile } from '../profile.harness.ts';
import {
  authenticated,
  boundSegments,
  challenge,
  dataOf,
  downloaded,
  prepared,
  type Reader,
  readerWith,
} from '../server.harness.ts';

const dp = dpOn();
const { endUserRejection, loadBppExecutionError } = cancelSessionReasons;

function cancel(reader: Reader, transactionId: Uint8Array, reason: number): CancelSessionResponse {
  const request = encode(CancelSessionRequest, { transactionId, reason });
  return decode(CancelSessionResponse, dataOf(reader.transmit(request)));
}

function mustBeSigned(reader: Reader, response: CancelSessionResponse, expected: object): void {
  assert.ok('cancelSessionResponseOk' in response);
  const { euiccCancelSessionSigned: signed, euiccCancelSessionSignature } = response.cancelSessionResponseOk;
  const { publicKey } = readCertificate(reader.card().credentials[0]?.euiccCertificate as Uint8Array);
  assert.ok(publicKey().verify(euiccCancelSessionSignature.value, signed.bytes));
  assert.deepEqual(signed.value, { ...expected, smdpOid: oidContent(SMDP_OID) });
}

for (const [name, reason] of Object.entries(cancelSessionReasons))
  test(`a session is cancelled for ${name}(${reason}), signed, with the OID of CERT.DPauth`, () => {
    const reader = readerWith(newCard());
    const { transactionId } = authenticated(reader, dp);
    mustBeSigned(reader, cancel(reader, transactionId, reason), { transactionId, reason });
    assert.equal(reader.card().session, undefined);
    assert.deepEqual(reader.card().notifications, []);
  });

test('a prepared session is cancelled, and its one-time key stays for a retry', async () => {
  const reader = readerWith(newCard());
  const { transactionId, euiccOtpk } = prepared(reader, dp);
  assert.ok('cancelSessionResponseOk' in cancel(reader, transactionId, endUserRejection));
  assert.deepEqual(prepared(reader, dp, euiccOtpk).euiccOtpk, euiccOtpk);
});

test('a session is cancelled while its package is being loaded, and a new download works', async () => {
  const reader = readerWith(newCard());
  const binding = prepared(reader, dp);
  const segments = await boundSegments(reader.card(), dp, binding, testProfile());
  for (const segment of segments.slice(0, -1)) assert.equal(reader.transmit(segment).data.length, 0);
  const { transactionId } = binding;
  const reason = loadBppExecutionError;
  mustBeSigned(reader, cancel(reader, transactionId, reason), { transactionId, reason });
  assert.equal(reader.transmit(segments.at(-1) as Uint8Array).sw, 0x6985);
  assert.deepEqual([reader.card().profiles, reader.card().notifications], [[], []]);
  await downloaded(reader, dp, undefined, binding.euiccOtpk);
});

test('another transactionId is invalidTransactionId(5), and the session goes on', () => {
  const reader = readerWith(newCard());
  authenticated(reader, dp);
  const before = reader.card();
  assert.deepEqual(cancel(reader, systemRandom(16), endUserRejection), { cancelSessionResponseError: 5 });
  assert.equal(reader.card(), before);
});

test('without an authenticated session there is nothing to cancel', async () => {
  const reader = readerWith(newCard());
  const refused = { cancelSessionResponseError: 5 };
  assert.deepEqual(cancel(reader, systemRandom(16), endUserRejection), refused);
  challenge(reader);
  assert.deepEqual(cancel(reader, systemRandom(16), endUserRejection), refused);
  const { result } = await downloaded(reader, dp);
  const { transactionId } = result.profileInstallationResultData.value;
  assert.deepEqual(cancel(reader, transactionId, endUserRejection), refused, 'it is installed');
});
