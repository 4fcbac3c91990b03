import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { concat, decode, encode, equal, fromHex, readOne, tlv } from '@esim-rsp/codec';
import { AuthenticateServerRequest, AuthenticateServerResponse } from '@esim-rsp/sgp22/asn1/authentication';
import { PrepareDownloadResponse } from '@esim-rsp/sgp22/asn1/download';
import { bppCommandIds, errorReasons, ProfileInstallationResult } from '@esim-rsp/sgp22/asn1/notification';
import { startOpening } from '@esim-rsp/sgp22/bpp/open';
import { splitBoundProfilePackage } from '@esim-rsp/sgp22/bpp/segment';
import { deriveSessionKeys } from '@esim-rsp/sgp22/bpp/session-keys';
import { type Curve, importSigningKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { computeSharedSecret, importOneTimeKey } from '@esim-rsp/sgp22/crypto/ecka';
import { type CertifiedKey, readCertificate } from '@esim-rsp/sgp22/pki/certificate';
import { parseEid } from '@esim-rsp/sgp22/value/eid';
import type { Card } from '../card/card.ts';
import { createCard } from '../card/create.ts';
import { byIccid, disable, enable, remove } from '../commands.harness.ts';
import {
  authenticated,
  ctxParams1,
  dataOf,
  downloaded,
  prepareDownloadRequest,
  type Reader,
  readerWith,
  type TestDp,
} from '../server.harness.ts';
import { getEuiccChallenge } from './info.ts';

const data = new URL('../../../../../shared/data/', import.meta.url);
const skip = existsSync(data) ? false : 'the published test material is not at ../shared/data';

const recorded = (name: string) => Uint8Array.from(readFileSync(new URL(`session/${name}`, data)));
const sgp26 = (name: string) => Uint8Array.from(readFileSync(new URL(`sgp26/${name}`, data)));
const suffix: Record<Curve, string> = { 'P-256': 'NIST', brainpoolP256r1: 'BRP' };
const eid = parseEid('89049032123451234512345678901235');

function certifiedKey(folder: string, role: string, curve: Curve): CertifiedKey {
  const name = `${role}_ECDSA_${suffix[curve]}`;
  return {
    certificate: readCertificate(sgp26(`${folder}/CERT_${name}.der`)),
    key: importSigningKey(new TextDecoder().decode(sgp26(`${folder}/SK_${name}.pem`))),
  };
}

/** The SGP.26 eUICC, with its identities under both CIs. */
function sgp26Card(): Card {
  const curves = ['P-256', 'brainpoolP256r1'] as const;
  return createCard({
    eid,
    identities: curves.map((curve) => ({
      euicc: certifiedKey('eUICC', 'EUICC', curve),
      eumCertificate: sgp26(`EUM/CERT_EUM_ECDSA_${suffix[curve]}.der`),
    })),
    ciCertificates: curves.map((curve) => sgp26(`CertificateIssuer/CERT_CI_ECDSA_${suffix[curve]}.der`)),
  });
}

/** An SM-DP+ of SGP.26: the first one, or with '2' the second. */
function sgp26Dp(curve: Curve, number: '' | '2' = ''): TestDp {
  const ci = readCertificate(sgp26(`CertificateIssuer/CERT_CI_ECDSA_${suffix[curve]}.der`));
  return {
    ciPKId: ci.subjectKeyIdentifier as Uint8Array,
    dpAuth: certifiedKey('DPauth', `S_SM_DP${number}auth`, curve),
    dpPb: certifiedKey('DPpb', `S_SM_DP${number}pb`, curve),
  };
}

for (const curve of ['P-256', 'brainpoolP256r1'] satisfies Curve[])
  test(`the SGP.26 eUICC downloads from both SM-DP+ of SGP.26 on ${curve}`, { skip }, async () => {
    const reader = readerWith(sgp26Card());
    for (const number of ['', '2'] as const) {
      const { profile } = await downloaded(reader, sgp26Dp(curve, number));
      for (const command of [enable, disable, remove])
        assert.equal(command(reader, byIccid(profile.iccid)), 0);
    }
  });

test('the CERT.DPpb of the second SM-DP+ of SGP.26 is refused in a session with the first', { skip }, () => {
  const reader = readerWith(sgp26Card());
  const session = authenticated(reader, sgp26Dp('P-256'));
  const request = prepareDownloadRequest(sgp26Dp('P-256', '2'), session);
  const response = decode(PrepareDownloadResponse, dataOf(reader.transmit(request)));
  assert.ok('downloadResponseError' in response);
  assert.equal(response.downloadResponseError.downloadErrorCode, 1);
});

/** The recorded answer of InitiateAuthentication, as the LPA gives it to the card. */
function recordedAuthenticateServer(): Uint8Array {
  const [, ...fields] = readOne(recorded('initiate-response.der')).children();
  return tlv(0xbf38, ...fields.map(({ bytes }) => bytes), ctxParams1.bytes);
}

/** The card after the recorded challenge. */
function challenged(): Reader {
  const random = () => recorded('euicc-challenge.bin');
  return readerWith(getEuiccChallenge(sgp26Card(), fromHex('bf2e00'), { random }).card);
}

test('the card accepts the recorded server, which answers the recorded challenge', { skip }, () => {
  const reader = challenged();
  const request = recordedAuthenticateServer();
  const response = decode(AuthenticateServerResponse, dataOf(reader.transmit(request)));
  assert.ok('authenticateResponseOk' in response);
  const { euiccSigned1 } = response.authenticateResponseOk;
  const theirs = decode(AuthenticateServerResponse, recorded('auth-server-response.der'));
  assert.ok('authenticateResponseOk' in theirs);
  const { transactionId, serverAddress, serverChallenge } = theirs.authenticateResponseOk.euiccSigned1.value;
  assert.deepEqual(euiccSigned1.value.transactionId, transactionId);
  assert.deepEqual(euiccSigned1.value.serverAddress, serverAddress);
  assert.deepEqual(euiccSigned1.value.serverChallenge, serverChallenge);

  const { serverSigned1, ...rest } = decode(AuthenticateServerRequest, request);
  const bytes = serverSigned1.bytes.with(-1, (serverSigned1.bytes.at(-1) as number) ^ 1);
  const changed = encode(AuthenticateServerRequest, { ...rest, serverSigned1: { ...serverSigned1, bytes } });
  const refused = decode(AuthenticateServerResponse, dataOf(challenged().transmit(changed)));
  assert.ok('authenticateResponseError' in refused);
  assert.equal(refused.authenticateResponseError.authenticateErrorCode, 2);
});

/** The card in the recorded session, after the PrepareDownload that the recorded server answered. */
function recordedSession() {
  const reader = challenged();
  dataOf(reader.transmit(recordedAuthenticateServer()));
  const first = decode(AuthenticateServerResponse, recorded('auth-server-response.der'));
  const second = decode(PrepareDownloadResponse, recorded('prepare-download-response.der'));
  assert.ok('authenticateResponseOk' in first && 'downloadResponseOk' in second);
  // The recorded server went on from the recorded eUICC's signature; ours draws anew.
  const euiccSignature1 = first.authenticateResponseOk.euiccSignature1.bytes;
  reader.change((card) => {
    assert.ok(card.session?.stage === 'authenticated');
    return { ...card, session: { ...card.session, euiccSignature1 } };
  });
  return { reader, euiccOtpk: second.downloadResponseOk.euiccSigned2.value.euiccOtpk };
}

test('the card accepts the recorded offer of the recorded server', { skip }, () => {
  const { reader } = recordedSession();
  const [, , smdpSigned2, smdpSignature2, smdpCertificate] =
    readOne(recorded('authenticate-response.der')).children()[0]?.children() ?? [];
  assert.ok(smdpSigned2 && smdpSignature2 && smdpCertificate);
  const request = tlv(0xbf21, smdpSigned2.bytes, smdpSignature2.bytes, smdpCertificate.bytes);
  const response = decode(PrepareDownloadResponse, dataOf(reader.transmit(request)));
  assert.ok('downloadResponseOk' in response);
  const { transactionId } = response.downloadResponseOk.euiccSigned2.value;
  assert.deepEqual(transactionId, recorded('transaction-id.bin'));
});

test('the card opens the recorded package down to the recorded profile, which is 24 octets of text', {
  skip,
}, () => {
  const { reader, euiccOtpk } = recordedSession();
  const dp = sgp26Dp('P-256');
  const dpKey = importOneTimeKey('P-256', recorded('otsk-dp.bin'));
  const hostId = new TextEncoder().encode('euicc-rsp');
  const keys = deriveSessionKeys({ sharedSecret: computeSharedSecret(dpKey, euiccOtpk), hostId, eid });
  const [first = concat(), ...others] = splitBoundProfilePackage(recorded('bound-profile-package.der'));
  // The recording does not have otSK.EUICC: the signature is checked by the card, the session keys come from the other end.
  const anyKey = {
    smdpOid: '2.999.10',
    ...importOneTimeKey('P-256', recorded('otsk-dp.bin')),
    otPk: euiccOtpk,
  };
  reader.change((card) => {
    assert.ok(card.session?.stage === 'authenticated');
    const dpPbKey = dp.dpPb.key.verifyingKey.spki;
    return { ...card, session: { ...card.session, stage: 'prepared', oneTimeKey: anyKey, dpPbKey } };
  });
  assert.equal(dataOf(reader.transmit(first)).length, 0, 'the recorded smdpSign verifies');
  reader.change((card) => {
    assert.ok(card.session?.stage === 'installing');
    return {
      ...card,
      session: { ...card.session, opening: startOpening(keys, card.session.opening.remaining) },
    };
  });
  for (const segment of others.slice(0, -1)) assert.equal(dataOf(reader.transmit(segment)).length, 0);
  const { session } = reader.card();
  assert.ok(session?.stage === 'installing' && session.metadata);
  assert.ok(equal(session.metadata, recorded('store-metadata.der')));
  const result = decode(ProfileInstallationResult, dataOf(reader.transmit(others.at(-1) as Uint8Array)));
  const { finalResult } = result.profileInstallationResultData.value;
  assert.ok('errorResult' in finalResult);
  assert.equal(finalResult.errorResult.bppCommandId, bppCommandIds.loadProfileElements);
  assert.equal(finalResult.errorResult.errorReason, errorReasons.installFailedDueToPEProcessingError);
});
