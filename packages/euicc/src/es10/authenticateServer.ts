import { type Der, decode, decodeWithBytes, encode, encodeWithBytes, equal } from '@esim-rsp/codec';
import {
  AuthenticateServerRequest,
  AuthenticateServerResponse,
  authenticateErrorCodes,
  EuiccSigned1,
} from '@esim-rsp/sgp22/asn1/authentication';
import { Signature } from '@esim-rsp/sgp22/asn1/common';
import { EUICCInfo2 } from '@esim-rsp/sgp22/asn1/euicc-info';
import { Certificate } from '@esim-rsp/sgp22/asn1/pkix';
import { verifyServerChain } from '@esim-rsp/sgp22/pki/server-chain';
import type { Authenticated, Card, CardCredential } from '../card/card.ts';
import { credentialFor, signingKey, trustOf } from '../card/credential.ts';
import { answerWith, type Es10Function, type Outcome } from './command.ts';
import { euiccInfo2 } from './info.ts';

type ErrorName = keyof typeof authenticateErrorCodes;
type Verified = { readonly credential: CardCredential } & Pick<Authenticated, 'serverRole' | 'smdpOid'>;

/** ES10b.AuthenticateServer (5.7.13): checks that the server is genuine and signed the challenge, and signs euiccSigned1. */
export const authenticateServer: Es10Function = (card, bytes) => {
  const request = decode(AuthenticateServerRequest, bytes);
  const verified = verify(card, request);
  return typeof verified === 'string'
    ? answerError(card, request, verified)
    : answerSigned(card, request, verified);
};

/** The checks in the order of the specification. Returns the error of the first that fails. */
function verify(card: Card, request: AuthenticateServerRequest): Verified | ErrorName {
  const { session } = card;
  if (session?.stage !== 'challenged') return 'noSessionContext';
  const credential = credentialFor(card, request.euiccCiPKIdToBeUsed);
  if (credential === undefined) return 'ciPKUnknown';
  const { serverRole, server } = verifyServer(card, request);
  if (!server.ok) return server.reason;
  if (!server.publicKey.verify(request.serverSignature1.value, request.serverSigned1.bytes))
    return 'invalidSignature';
  if (!equal(request.serverSigned1.value.euiccChallenge, session.euiccChallenge))
    return 'euiccChallengeMismatch';
  return { credential, serverRole, smdpOid: server.oid };
}

/** Verifies the certificate of an SM-DP+, or of an SM-DS. */
function verifyServer(card: Card, { serverCertificate: certificate }: AuthenticateServerRequest) {
  const trust = trustOf(card);
  const dp = verifyServerChain({ certificate, role: 'dp-auth', trust });
  if (dp.ok || dp.reason !== 'invalidOid') return { serverRole: 'dp-auth', server: dp } as const;
  return {
    serverRole: 'ds-auth',
    server: verifyServerChain({ certificate, role: 'ds-auth', trust }),
  } as const;
}

function answerError(card: Card, { serverSigned1 }: AuthenticateServerRequest, name: ErrorName): Outcome {
  const { transactionId } = serverSigned1.value;
  const authenticateResponseError = { transactionId, authenticateErrorCode: authenticateErrorCodes[name] };
  return answerWith(card, encode(AuthenticateServerResponse, { authenticateResponseError }));
}

function answerSigned(
  card: Card,
  { serverSigned1, ctxParams1 }: AuthenticateServerRequest,
  { credential, serverRole, smdpOid }: Verified,
): Outcome {
  const { transactionId, serverAddress, serverChallenge } = serverSigned1.value;
  const euiccSigned1: Der<EuiccSigned1> = encodeWithBytes(EuiccSigned1, {
    transactionId,
    serverAddress,
    serverChallenge,
    euiccInfo2: encodeWithBytes(EUICCInfo2, euiccInfo2(card)),
    ctxParams1,
  });
  const euiccSignature1 = encodeWithBytes(Signature, signingKey(credential).sign(euiccSigned1.bytes));
  const session: Authenticated = {
    stage: 'authenticated',
    serverRole,
    transactionId,
    serverAddress,
    smdpOid,
    ciPKId: credential.ciPKId,
    euiccSignature1: euiccSignature1.bytes,
  };
  const authenticateResponseOk = {
    euiccSigned1,
    euiccSignature1,
    euiccCertificate: decodeWithBytes(Certificate, credential.euiccCertificate),
    eumCertificate: decodeWithBytes(Certificate, credential.eumCertificate),
  };
  return answerWith({ ...card, session }, encode(AuthenticateServerResponse, { authenticateResponseOk }));
}
