import assert from 'node:assert/strict';
import { type Der, decode, encode, encodeWithBytes } from '@esim-rsp/codec';
import {
  AuthenticateServerRequest,
  AuthenticateServerResponse,
  CtxParams1,
  ServerSigned1,
} from '@esim-rsp/sgp22/asn1/authentication';
import { Signature } from '@esim-rsp/sgp22/asn1/common';
import { PrepareDownloadRequest, PrepareDownloadResponse, SmdpSigned2 } from '@esim-rsp/sgp22/asn1/download';
import { GetEuiccChallengeRequest, GetEuiccChallengeResponse } from '@esim-rsp/sgp22/asn1/es10';
import { ProfileInstallationResult } from '@esim-rsp/sgp22/asn1/notification';
import { bindProfile } from '@esim-rsp/sgp22/bpp/bind';
import { splitBoundProfilePackage } from '@esim-rsp/sgp22/bpp/segment';
import type { LocalSigningKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { generateOneTimeKey, type OneTimeKey } from '@esim-rsp/sgp22/crypto/ecka';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import type { CertificateView, CertifiedKey } from '@esim-rsp/sgp22/pki/certificate';
import { type Card, execute, type Outcome } from './index.ts';
import { type TestProfile, testProfile } from './profile.harness.ts';

export const SMDP_ADDRESS = 'smdp.example.com';

/** An SM-DP+ as the card meets it: its certificates and what its signatures are made with. */
export type TestDp = {
  readonly ciPKId: Uint8Array;
  readonly dpAuth: CertifiedKey;
  readonly dpPb: CertifiedKey;
};

/** A card in a reader: what each command leaves is what the next one meets. */
export type Reader = {
  readonly card: () => Card;
  readonly change: (by: (card: Card) => Card) => void;
  readonly transmit: (request: Uint8Array) => Outcome;
};

export function readerWith(card: Card): Reader {
  let inserted = card;
  return {
    card: () => inserted,
    change: (by) => {
      inserted = by(inserted);
    },
    transmit: (request) => {
      const outcome = execute(inserted, request, { random: systemRandom });
      inserted = outcome.card;
      return outcome;
    },
  };
}

/** The data of an answer with status 9000. */
export function dataOf({ sw, data }: Outcome): Uint8Array {
  assert.equal(sw.toString(16), '9000');
  return data;
}

export function challenge({ transmit }: Reader): Uint8Array {
  const data = dataOf(transmit(encode(GetEuiccChallengeRequest, {})));
  return decode(GetEuiccChallengeResponse, data).euiccChallenge;
}

type ServerWords = {
  readonly euiccChallenge: Uint8Array;
  readonly transactionId: Uint8Array;
  readonly ciPKId: Uint8Array;
  readonly certificate: CertificateView;
  readonly key: LocalSigningKey;
  readonly ctxParams1: Der<CtxParams1>;
};

export const ctxParams1: Der<CtxParams1> = encodeWithBytes(CtxParams1, {
  ctxParamsForCommonAuthentication: {
    matchingId: 'MATCHING-ID',
    deviceInfo: { tac: Uint8Array.of(0x35, 0x29, 0x06, 0x11), deviceCapabilities: {} },
  },
});

/** AuthenticateServerRequest as this SM-DP+ and an honest LPA make it, but for the changes. */
export function authenticateServerRequest(
  dp: TestDp,
  words: Pick<ServerWords, 'euiccChallenge'> & Partial<ServerWords>,
): Uint8Array {
  const {
    transactionId = systemRandom(16),
    certificate = dp.dpAuth.certificate,
    key = dp.dpAuth.key,
  } = words;
  const serverSigned1 = encodeWithBytes(ServerSigned1, {
    transactionId,
    euiccChallenge: words.euiccChallenge,
    serverAddress: SMDP_ADDRESS,
    serverChallenge: systemRandom(16),
  });
  return encode(AuthenticateServerRequest, {
    serverSigned1,
    serverSignature1: encodeWithBytes(Signature, key.sign(serverSigned1.bytes)),
    euiccCiPKIdToBeUsed: words.ciPKId ?? dp.ciPKId,
    serverCertificate: certificate,
    ctxParams1: words.ctxParams1 ?? ctxParams1,
  });
}

/** What the SM-DP+ knows of a session after AuthenticateClient. */
export type DpSession = {
  readonly transactionId: Uint8Array;
  readonly euiccSignature1: Der<Uint8Array>;
};

/** GetEUICCChallenge and AuthenticateServer. */
export function authenticated(reader: Reader, dp: TestDp): DpSession {
  const transactionId = systemRandom(16);
  const request = authenticateServerRequest(dp, { euiccChallenge: challenge(reader), transactionId });
  const response = decode(AuthenticateServerResponse, dataOf(reader.transmit(request)));
  assert.ok('authenticateResponseOk' in response, JSON.stringify(response));
  return { transactionId, euiccSignature1: response.authenticateResponseOk.euiccSignature1 };
}

type BinderWords = {
  readonly transactionId: Uint8Array;
  readonly ccRequiredFlag: boolean;
  readonly bppEuiccOtpk: Uint8Array | undefined;
  readonly hashCc: Uint8Array;
  readonly certificate: CertificateView;
  readonly key: LocalSigningKey;
  /** What is signed after smdpSigned2. */
  readonly signedAfter: Uint8Array;
};

/** PrepareDownloadRequest as this SM-DP+ makes it, but for the changes. */
export function prepareDownloadRequest(
  dp: TestDp,
  session: DpSession,
  words: Partial<BinderWords> = {},
): Uint8Array {
  const { key = dp.dpPb.key, signedAfter = session.euiccSignature1.bytes, bppEuiccOtpk, hashCc } = words;
  const smdpSigned2 = encodeWithBytes(SmdpSigned2, {
    transactionId: words.transactionId ?? session.transactionId,
    ccRequiredFlag: words.ccRequiredFlag ?? false,
    ...(bppEuiccOtpk !== undefined && { bppEuiccOtpk }),
  });
  return encode(PrepareDownloadRequest, {
    smdpSigned2,
    smdpSignature2: encodeWithBytes(Signature, key.sign(smdpSigned2.bytes, signedAfter)),
    ...(hashCc !== undefined && { hashCc }),
    smdpCertificate: words.certificate ?? dp.dpPb.certificate,
  });
}

/** All that a package is bound with. */
export type Binding = {
  readonly transactionId: Uint8Array;
  readonly euiccOtpk: Uint8Array;
  readonly oneTimeKey: OneTimeKey;
  readonly hostId: Uint8Array;
};

/** From GetEUICCChallenge to PrepareDownload; `bppEuiccOtpk` names the key of an earlier binding. */
export function prepared(reader: Reader, dp: TestDp, bppEuiccOtpk?: Uint8Array): Binding {
  const session = authenticated(reader, dp);
  const request = prepareDownloadRequest(dp, session, { bppEuiccOtpk });
  const response = decode(PrepareDownloadResponse, dataOf(reader.transmit(request)));
  assert.ok('downloadResponseOk' in response, JSON.stringify(response));
  return {
    transactionId: session.transactionId,
    euiccOtpk: response.downloadResponseOk.euiccSigned2.value.euiccOtpk,
    oneTimeKey: generateOneTimeKey(dp.dpPb.key.curve, systemRandom),
    hostId: new TextEncoder().encode('test-host-id'),
  };
}

/** The segments of a profile bound for the card. */
export async function boundSegments(
  { eid }: Card,
  dp: TestDp,
  binding: Binding,
  { metadata, upp }: TestProfile,
): Promise<Uint8Array[]> {
  const bound = await bindProfile({
    ...binding,
    eid,
    dpPb: dp.dpPb.key,
    metadata: metadata.bytes,
    profile: { upp },
  });
  return splitBoundProfilePackage(bound);
}

/** Gives segments to the card until it answers with data, as an LPA does; undefined if it never does. */
export function load(reader: Reader, segments: readonly Uint8Array[]): ProfileInstallationResult | undefined {
  for (const segment of segments) {
    const data = dataOf(reader.transmit(segment));
    if (data.length > 0) return decode(ProfileInstallationResult, data);
  }
  return undefined;
}

/** A whole download; the profile is on the card afterwards. */
export async function downloaded(
  reader: Reader,
  dp: TestDp,
  profile: TestProfile = testProfile(),
  bppEuiccOtpk?: Uint8Array,
): Promise<{ readonly profile: TestProfile; readonly result: ProfileInstallationResult }> {
  const binding = prepared(reader, dp, bppEuiccOtpk);
  const result = load(reader, await boundSegments(reader.card(), dp, binding, profile));
  assert.ok(result !== undefined, 'the package came to its end without a result');
  const { finalResult } = result.profileInstallationResultData.value;
  assert.ok('successResult' in finalResult, JSON.stringify(finalResult));
  return { profile, result };
}
