import { decode, encode, encodeWithBytes, equal } from '@esim-rsp/codec';
import { Signature } from '@esim-rsp/sgp22/asn1/common';
import {
  downloadErrorCodes,
  EUICCSigned2,
  PrepareDownloadRequest,
  PrepareDownloadResponse,
} from '@esim-rsp/sgp22/asn1/download';
import type { VerifyingKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { generateOneTimeKey } from '@esim-rsp/sgp22/crypto/ecka';
import { verifyServerChain } from '@esim-rsp/sgp22/pki/server-chain';
import type { Authenticated, Card, CardEnv, Prepared, StoredOneTimeKey } from '../card/card.ts';
import { credentialFor, signingKey, trustOf } from '../card/credential.ts';
import { answerWith, type Es10Function, type Outcome } from './command.ts';

type ErrorName = keyof typeof downloadErrorCodes;
type Ready = { readonly session: Authenticated | Prepared; readonly dpPb: VerifyingKey };

/** ES10b.PrepareDownload (5.7.5): checks that it is the same SM-DP+, and signs the one-time key to which it binds the Profile. */
export const prepareDownload: Es10Function = (card, bytes, env) => {
  const request = decode(PrepareDownloadRequest, bytes);
  const ready = verify(card, request);
  return typeof ready === 'string'
    ? answerError(card, request, ready)
    : answerSigned(card, request, ready, env);
};

function verify(card: Card, request: PrepareDownloadRequest): Ready | ErrorName {
  const { session } = card;
  if (session?.stage !== 'authenticated' && session?.stage !== 'prepared') return 'noSessionContext';
  if (session.serverRole !== 'dp-auth') return 'noSessionContext';
  const server = verifyServerChain({
    certificate: request.smdpCertificate,
    role: 'dp-pb',
    trust: trustOf(card),
  });
  if (!server.ok) return server.reason === 'unsupportedCurve' ? 'unsupportedCurve' : 'invalidCertificate';
  if (server.oid !== session.smdpOid) return 'invalidCertificate';
  const { smdpSigned2, smdpSignature2, hashCc } = request;
  if (!server.publicKey.verify(smdpSignature2.value, smdpSigned2.bytes, session.euiccSignature1))
    return 'invalidSignature';
  if (!equal(smdpSigned2.value.transactionId, session.transactionId)) return 'invalidTransactionId';
  if (smdpSigned2.value.ccRequiredFlag && hashCc === undefined) return 'undefinedError';
  return { session, dpPb: server.publicKey };
}

function answerError(card: Card, { smdpSigned2 }: PrepareDownloadRequest, name: ErrorName): Outcome {
  const { transactionId } = smdpSigned2.value;
  const downloadResponseError = { transactionId, downloadErrorCode: downloadErrorCodes[name] };
  return answerWith(card, encode(PrepareDownloadResponse, { downloadResponseError }));
}

function answerSigned(
  card: Card,
  request: PrepareDownloadRequest,
  { session, dpPb }: Ready,
  env: CardEnv,
): Outcome {
  const credential = credentialFor(card, session.ciPKId);
  if (credential === undefined) return answerError(card, request, 'noSessionContext');
  const oneTimeKey = oneTimeKeyFor(card, session, request.smdpSigned2.value.bppEuiccOtpk, dpPb, env);
  const { transactionId } = session;
  const euiccSigned2 = encodeWithBytes(EUICCSigned2, {
    transactionId,
    euiccOtpk: oneTimeKey.otPk,
    ...(request.hashCc !== undefined && { hashCc: request.hashCc }),
  });
  const signature = signingKey(credential).sign(euiccSigned2.bytes, request.smdpSignature2.bytes);
  const others = card.oneTimeKeys.filter(({ smdpOid }) => smdpOid !== session.smdpOid);
  const next: Prepared = { ...session, stage: 'prepared', oneTimeKey, dpPbKey: dpPb.spki };
  const downloadResponseOk = { euiccSigned2, euiccSignature2: encodeWithBytes(Signature, signature) };
  return answerWith(
    { ...card, session: next, oneTimeKeys: [...others, oneTimeKey] },
    encode(PrepareDownloadResponse, { downloadResponseOk }),
  );
}

/** The key pair of this session, else the one to which the SM-DP+ bound a package before, else a new one (2.6.5, 3.1.3.2). */
function oneTimeKeyFor(
  { oneTimeKeys }: Card,
  session: Authenticated | Prepared,
  bppEuiccOtpk: Uint8Array | undefined,
  { curve }: VerifyingKey,
  { random }: CardEnv,
): StoredOneTimeKey {
  const kept = oneTimeKeys.find((key) => key.smdpOid === session.smdpOid && key.curve === curve);
  const isNamed = kept !== undefined && bppEuiccOtpk !== undefined && equal(kept.otPk, bppEuiccOtpk);
  if (kept !== undefined && (session.stage === 'prepared' || isNamed)) return kept;
  const { otPk, otSk } = generateOneTimeKey(curve, random);
  return { smdpOid: session.smdpOid, curve, otPk, otSk };
}
