import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { decode, decodeWithBytes, encode, fromHex, readOne, tlv } from '@esim-rsp/codec';
import {
  AuthenticateServerRequest,
  AuthenticateServerResponse,
  authenticateErrorCodes,
  CtxParams1,
} from '@esim-rsp/sgp22/asn1/authentication';
import { EUICCInfo2 } from '@esim-rsp/sgp22/asn1/euicc-info';
import { generateSigningKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { readCertificate } from '@esim-rsp/sgp22/pki/certificate';
import { extensions, makeCertificate, withoutExtension } from '@esim-rsp/sgp22/pki/make-certificate';
import { signingPlan } from '@esim-rsp/sgp22/pki/plans';
import { makeTestPki } from '@esim-rsp/sgp22/pki/test-pki';
import { certified, dpOn, makerEnv, newCard, pkiOn, SMDP_OID } from '../pki.harness.ts';
import {
  authenticateServerRequest,
  challenge,
  dataOf,
  prepareDownloadRequest,
  type Reader,
  readerWith,
} from '../server.harness.ts';

type ErrorName = keyof typeof authenticateErrorCodes;
type Changes = Partial<Parameters<typeof authenticateServerRequest>[1]>;

const dp = dpOn();
const { ci } = pkiOn('P-256');

function answer(reader: Reader, request: Uint8Array): AuthenticateServerResponse {
  return decode(AuthenticateServerResponse, dataOf(reader.transmit(request)));
}

/** Refused with this code and the transactionId of the request; the card is the same, and an honest request is accepted after it. */
function mustRefuse(changes: Changes, error: ErrorName): void {
  const reader = readerWith(newCard());
  const euiccChallenge = challenge(reader);
  const before = reader.card();
  const transactionId = systemRandom(16);
  const response = answer(
    reader,
    authenticateServerRequest(dp, { euiccChallenge, transactionId, ...changes }),
  );
  assert.deepEqual(response, {
    authenticateResponseError: { transactionId, authenticateErrorCode: authenticateErrorCodes[error] },
  });
  assert.equal(reader.card(), before);
  const retried = answer(reader, authenticateServerRequest(dp, { euiccChallenge }));
  assert.ok('authenticateResponseOk' in retried);
}

const serverOptions = { organization: 'Test SM-DP+', oid: SMDP_OID };
const issuance = (publicKey = dp.dpAuth.key.verifyingKey) => ({
  publicKey,
  notBefore: makerEnv.now,
  random: systemRandom,
  issuer: ci.certificate,
});
const plan = signingPlan(issuance(), 'dp-auth', serverOptions);

test('a certificate that another key signed is invalidCertificate(1)', () => {
  const certificate = readCertificate(makeCertificate(plan, generateSigningKey('P-256')));
  mustRefuse({ certificate }, 'invalidCertificate');
});

test('a certificate whose key may not sign is invalidCertificate(1)', () => {
  mustRefuse(certified('dp-auth', SMDP_OID, [extensions.keyUsage('keyCertSign')]), 'invalidCertificate');
});

test('a certificate that is one of a CA is invalidCertificate(1)', () => {
  mustRefuse(certified('dp-auth', SMDP_OID, [extensions.basicConstraints()]), 'invalidCertificate');
});

test('a certificate that names no issuer is invalidCertificate(1)', () => {
  const made = makeCertificate(withoutExtension(plan, 'authorityKeyIdentifier'), ci.key);
  mustRefuse({ certificate: readCertificate(made) }, 'invalidCertificate');
});

test('a signature of another key is invalidSignature(2)', () => {
  mustRefuse({ key: generateSigningKey('P-256') }, 'invalidSignature');
});

test('a signature by the key of CERT.DPpb is invalidSignature(2)', () => {
  mustRefuse({ key: dp.dpPb.key }, 'invalidSignature');
});

test('a certificate for a key on P-384 is unsupportedCurve(3)', () => {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'secp384r1' });
  const spki = Uint8Array.from(publicKey.export({ format: 'der', type: 'spki' }));
  const onP384 = { ...dp.dpAuth.key.verifyingKey, spki };
  const made = makeCertificate(signingPlan(issuance(onP384), 'dp-auth', serverOptions), ci.key);
  mustRefuse({ certificate: readCertificate(made) }, 'unsupportedCurve');
});

test('without a challenge there is noSessionContext(4), and a challenge is good for one answer', () => {
  const reader = readerWith(newCard());
  const request = authenticateServerRequest(dp, { euiccChallenge: systemRandom(16) });
  const refused = (response: AuthenticateServerResponse) =>
    'authenticateResponseError' in response && response.authenticateResponseError.authenticateErrorCode;
  assert.equal(refused(answer(reader, request)), authenticateErrorCodes.noSessionContext);
  const good = authenticateServerRequest(dp, { euiccChallenge: challenge(reader) });
  assert.ok('authenticateResponseOk' in answer(reader, good));
  const { session } = reader.card();
  assert.equal(refused(answer(reader, good)), authenticateErrorCodes.noSessionContext);
  assert.equal(reader.card().session, session, 'the session goes on');
});

for (const role of ['dpPb', 'dpTls'] as const)
  test(`the certificate of ${role} is invalidOid(5)`, () => {
    mustRefuse(pkiOn('P-256')[role], 'invalidOid');
  });

test('a certificate without registeredID is invalidOid(5)', () => {
  const made = makeCertificate(withoutExtension(plan, 'subjectAltName'), ci.key);
  mustRefuse({ certificate: readCertificate(made) }, 'invalidOid');
});

test('another challenge is euiccChallengeMismatch(6)', () => {
  mustRefuse({ euiccChallenge: systemRandom(16) }, 'euiccChallengeMismatch');
});

test('an answer to an earlier challenge is euiccChallengeMismatch(6)', () => {
  const reader = readerWith(newCard());
  const old = authenticateServerRequest(dp, { euiccChallenge: challenge(reader) });
  challenge(reader);
  const response = answer(reader, old);
  assert.ok('authenticateResponseError' in response);
  const { authenticateErrorCode } = response.authenticateResponseError;
  assert.equal(authenticateErrorCode, authenticateErrorCodes.euiccChallengeMismatch);
});

test('a CI that the card has no identity under is ciPKUnknown(7)', () => {
  mustRefuse({ ciPKId: systemRandom(20) }, 'ciPKUnknown');
  mustRefuse({ ciPKId: dpOn('brainpoolP256r1').ciPKId }, 'ciPKUnknown');
});

test('a certificate under a CI that the card does not know is ciPKUnknown(7)', () => {
  const { dpAuth } = makeTestPki({ ...makerEnv, curve: 'P-256', hosts: ['localhost'] });
  mustRefuse(dpAuth, 'ciPKUnknown');
});

test('of two faults the one that is checked first is reported', () => {
  const key = generateSigningKey('P-256');
  mustRefuse({ ciPKId: systemRandom(20), certificate: dp.dpPb.certificate }, 'ciPKUnknown');
  mustRefuse({ key, certificate: dp.dpPb.certificate }, 'invalidOid');
  mustRefuse({ key, euiccChallenge: systemRandom(16) }, 'invalidSignature');
});

test('an SM-DS is authenticated too, and prepares no download', () => {
  const reader = readerWith(newCard());
  const words = {
    ...certified('ds-auth'),
    euiccChallenge: challenge(reader),
    transactionId: systemRandom(8),
  };
  const response = answer(reader, authenticateServerRequest(dp, words));
  assert.ok('authenticateResponseOk' in response);
  const session = { ...words, euiccSignature1: response.authenticateResponseOk.euiccSignature1 };
  const data = dataOf(reader.transmit(prepareDownloadRequest(dp, session)));
  assert.equal(readOne(data).children()[0]?.children().at(-1)?.content[0], 4, 'noSessionContext');
});

test('ctxParams1 comes back as the bytes that were sent, members that we do not know included', () => {
  const reader = readerWith(newCard());
  const deviceInfo = tlv(
    0xa1,
    fromHex('800435290611'),
    tlv(0xa1, fromHex('9f7f03010203')),
    fromHex('9e0100'),
  );
  const ctxParams1 = decodeWithBytes(CtxParams1, tlv(0xa0, deviceInfo));
  const request = authenticateServerRequest(dp, { euiccChallenge: challenge(reader), ctxParams1 });
  const response = answer(reader, request);
  assert.ok('authenticateResponseOk' in response);
  const { euiccSigned1 } = response.authenticateResponseOk;
  assert.deepEqual(readOne(euiccSigned1.bytes).children().at(-1)?.bytes, ctxParams1.bytes);
});

test('euiccSigned1 says the free memory and the number of profiles in EUICCInfo2', () => {
  const reader = readerWith({ ...newCard(), memory: 0x00012345 });
  const response = answer(reader, authenticateServerRequest(dp, { euiccChallenge: challenge(reader) }));
  assert.ok('authenticateResponseOk' in response);
  const { euiccInfo2 } = response.authenticateResponseOk.euiccSigned1.value;
  assert.deepEqual(euiccInfo2.value.extCardResource, fromHex('810100820400012345830400004000'));
  assert.deepEqual(euiccInfo2.bytes, encode(EUICCInfo2, euiccInfo2.value));
});

test('serverSigned1 is verified over its bytes as they came', () => {
  const reader = readerWith(newCard());
  const honest = authenticateServerRequest(dp, { euiccChallenge: challenge(reader) });
  const { serverSigned1, ...rest } = decode(AuthenticateServerRequest, honest);
  const longer = tlv(0x30, readOne(serverSigned1.bytes).content, fromHex('8501ff'));
  const signed = { ...serverSigned1, bytes: longer };
  const changed = encode(AuthenticateServerRequest, { ...rest, serverSigned1: signed });
  const response = answer(reader, changed);
  assert.ok('authenticateResponseError' in response);
  assert.equal(
    response.authenticateResponseError.authenticateErrorCode,
    authenticateErrorCodes.invalidSignature,
  );
});
