import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { decode, equal } from '@esim-rsp/codec';
import { downloadErrorCodes, PrepareDownloadResponse } from '@esim-rsp/sgp22/asn1/download';
import { generateSigningKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { readCertificate } from '@esim-rsp/sgp22/pki/certificate';
import { extensions, makeCertificate } from '@esim-rsp/sgp22/pki/make-certificate';
import { signingPlan } from '@esim-rsp/sgp22/pki/plans';
import { certifyUnder, makeTestPki } from '@esim-rsp/sgp22/pki/test-pki';
import { certified, dpOn, makerEnv, newCard, pkiOn, SMDP_OID } from '../pki.harness.ts';
import {
  authenticated,
  challenge,
  type DpSession,
  dataOf,
  downloaded,
  prepareDownloadRequest,
  prepared,
  type Reader,
  readerWith,
  type TestDp,
} from '../server.harness.ts';

type ErrorName = keyof typeof downloadErrorCodes;
type Changes = NonNullable<Parameters<typeof prepareDownloadRequest>[2]>;

const dp = dpOn();

function answer(
  reader: Reader,
  session: DpSession,
  changes: Changes = {},
  from = dp,
): PrepareDownloadResponse {
  return decode(
    PrepareDownloadResponse,
    dataOf(reader.transmit(prepareDownloadRequest(from, session, changes))),
  );
}

function mustTell(response: PrepareDownloadResponse, transactionId: Uint8Array, error: ErrorName): void {
  assert.deepEqual(response, {
    downloadResponseError: { transactionId, downloadErrorCode: downloadErrorCodes[error] },
  });
}

function otPkOf(response: PrepareDownloadResponse): Uint8Array {
  assert.ok('downloadResponseOk' in response, JSON.stringify(response));
  return response.downloadResponseOk.euiccSigned2.value.euiccOtpk;
}

/** Refused with this code; the card is the same, and an honest request in the same session is accepted after it. */
function mustRefuse(changes: Changes, error: ErrorName): void {
  const reader = readerWith(newCard());
  const session = authenticated(reader, dp);
  const before = reader.card();
  mustTell(answer(reader, session, changes), changes.transactionId ?? session.transactionId, error);
  assert.equal(reader.card(), before);
  assert.equal(otPkOf(answer(reader, session)).length, 65);
}

const publicKey = dp.dpPb.key.verifyingKey;
const planFor = (key = publicKey) =>
  signingPlan(
    {
      publicKey: key,
      notBefore: makerEnv.now,
      random: systemRandom,
      issuer: pkiOn('P-256').ci.certificate,
    },
    'dp-pb',
    { organization: 'Test SM-DP+', oid: SMDP_OID },
  );

test('the certificate of CERT.DPauth is invalidCertificate(1)', () => {
  mustRefuse(dp.dpAuth, 'invalidCertificate');
});

test('a genuine CERT.DPpb of another SM-DP+ is invalidCertificate(1)', () => {
  mustRefuse(certified('dp-pb', '2.999.12'), 'invalidCertificate');
});

test('a CERT.DPpb that another key signed is invalidCertificate(1)', () => {
  const made = makeCertificate(planFor(), generateSigningKey('P-256'));
  mustRefuse({ certificate: readCertificate(made) }, 'invalidCertificate');
});

test('a CERT.DPpb under an unknown CI is invalidCertificate(1)', () => {
  const { dpPb } = makeTestPki({ ...makerEnv, curve: 'P-256', hosts: ['localhost'] });
  mustRefuse(dpPb, 'invalidCertificate');
});

test('a CERT.DPpb whose key may not sign is invalidCertificate(1)', () => {
  mustRefuse(certified('dp-pb', SMDP_OID, [extensions.keyUsage('keyCertSign')]), 'invalidCertificate');
});

test('a signature of another key is invalidSignature(2)', () => {
  mustRefuse({ key: generateSigningKey('P-256') }, 'invalidSignature');
});

test('a signature that does not cover euiccSignature1 is invalidSignature(2)', () => {
  mustRefuse({ signedAfter: new Uint8Array() }, 'invalidSignature');
});

test('a signature over the euiccSignature1 of another session is invalidSignature(2)', () => {
  const other = authenticated(readerWith(newCard()), dp);
  mustRefuse({ signedAfter: other.euiccSignature1.bytes }, 'invalidSignature');
});

test('a signature over the octets of euiccSignature1 without their header is invalidSignature(2)', () => {
  const reader = readerWith(newCard());
  const session = authenticated(reader, dp);
  const response = answer(reader, session, { signedAfter: session.euiccSignature1.value });
  mustTell(response, session.transactionId, 'invalidSignature');
});

test('a CERT.DPpb for a key on P-384 is unsupportedCurve(3)', () => {
  const p384 = generateKeyPairSync('ec', { namedCurve: 'secp384r1' }).publicKey;
  const spki = Uint8Array.from(p384.export({ format: 'der', type: 'spki' }));
  const made = makeCertificate(planFor({ ...publicKey, spki }), pkiOn('P-256').ci.key);
  mustRefuse({ certificate: readCertificate(made) }, 'unsupportedCurve');
});

test('before AuthenticateServer there is noSessionContext(4)', () => {
  const reader = readerWith(newCard());
  const session = authenticated(readerWith(newCard()), dp);
  mustTell(answer(reader, session), session.transactionId, 'noSessionContext');
  challenge(reader);
  mustTell(answer(reader, session), session.transactionId, 'noSessionContext');
});

test('after a new challenge there is noSessionContext(4)', () => {
  const reader = readerWith(newCard());
  const session = authenticated(reader, dp);
  challenge(reader);
  mustTell(answer(reader, session), session.transactionId, 'noSessionContext');
});

test('another transactionId is invalidTransactionId(5)', () => {
  mustRefuse({ transactionId: systemRandom(16) }, 'invalidTransactionId');
});

test('a confirmation code that is required and missing is undefinedError(127)', () => {
  mustRefuse({ ccRequiredFlag: true }, 'undefinedError');
});

test('another confirmation code in the same session gets the same otPK', () => {
  const reader = readerWith(newCard());
  const session = authenticated(reader, dp);
  const codes = [systemRandom(32), systemRandom(32)] as const;
  const [first, second] = codes.map((hashCc) => answer(reader, session, { ccRequiredFlag: true, hashCc }));
  assert.ok(first && second && 'downloadResponseOk' in second);
  assert.deepEqual(otPkOf(second), otPkOf(first));
  assert.deepEqual(second.downloadResponseOk.euiccSigned2.value.hashCc, codes[1]);
});

test('a later session gets the same otPK only if the server names it', () => {
  const reader = readerWith(newCard());
  const { euiccOtpk } = prepared(reader, dp);
  assert.deepEqual(prepared(reader, dp, euiccOtpk).euiccOtpk, euiccOtpk, 'it was named');
  const drawn = prepared(reader, dp).euiccOtpk;
  assert.notDeepEqual(drawn, euiccOtpk, 'none was named');
  assert.notDeepEqual(prepared(reader, dp, euiccOtpk).euiccOtpk, euiccOtpk, 'it was replaced');
  assert.equal(reader.card().oneTimeKeys.length, 1);
});

test('an otPK that the card does not have is answered with a new one', () => {
  const reader = readerWith(newCard());
  const named = prepared(readerWith(newCard()), dp).euiccOtpk;
  assert.notDeepEqual(prepared(reader, dp, named).euiccOtpk, named);
});

/** Another SM-DP+ under the same CI. */
function otherDp(): TestDp {
  const oid = '2.999.12';
  const make = (role: 'dp-auth' | 'dp-pb') =>
    certifyUnder(makerEnv, pkiOn('P-256').ci, (issued) =>
      signingPlan(issued, role, { organization: 'Other SM-DP+', oid }),
    );
  return { ciPKId: dp.ciPKId, dpAuth: make('dp-auth'), dpPb: make('dp-pb') };
}

test('an otPK that was given to one SM-DP+ is not given to another, and stays for the first', () => {
  const reader = readerWith(newCard());
  const { euiccOtpk } = prepared(reader, dp);
  assert.notDeepEqual(prepared(reader, otherDp(), euiccOtpk).euiccOtpk, euiccOtpk);
  assert.deepEqual(prepared(reader, dp, euiccOtpk).euiccOtpk, euiccOtpk);
  assert.equal(reader.card().oneTimeKeys.length, 2);
});

test('an otPK is not given again once a profile was installed with it', async () => {
  const reader = readerWith(newCard());
  const { euiccOtpk } = prepared(reader, dp);
  await downloaded(reader, dp, undefined, euiccOtpk);
  assert.ok(!equal(prepared(reader, dp, euiccOtpk).euiccOtpk, euiccOtpk));
});

test('the one-time key is on the curve of CERT.DPpb, in the same session too', () => {
  const reader = readerWith(newCard('P-256', 'brainpoolP256r1'));
  const session = authenticated(reader, dp);
  const brainpool = certifyUnder(makerEnv, pkiOn('brainpoolP256r1').ci, (issued) =>
    signingPlan(issued, 'dp-pb', { organization: 'Test SM-DP+', oid: SMDP_OID }),
  );
  const first = otPkOf(answer(reader, session));
  const second = otPkOf(answer(reader, session, brainpool));
  assert.notDeepEqual(second, first);
  const { session: now } = reader.card();
  assert.equal(now?.stage === 'prepared' && now.oneTimeKey.curve, 'brainpoolP256r1');
});
