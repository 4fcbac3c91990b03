import assert from 'node:assert/strict';
import { type Der, encodeWithBytes, equal, fromHex, oidContent } from '@esim-rsp/codec';
import { applyChange, type Fault } from '@esim-rsp/euicc/fault';
import {
  AuthenticateServerResponse,
  CtxParams1,
  EuiccSigned1,
  type ServerSigned1,
} from '@esim-rsp/sgp22/asn1/authentication';
import type { StoreMetadataRequest } from '@esim-rsp/sgp22/asn1/bound-profile-package';
import { Signature } from '@esim-rsp/sgp22/asn1/common';
import {
  CancelSessionResponse,
  EUICCSigned2,
  EuiccCancelSessionSigned,
  PrepareDownloadResponse,
  type SmdpSigned2,
} from '@esim-rsp/sgp22/asn1/download';
import { EUICCInfo1, EUICCInfo2 } from '@esim-rsp/sgp22/asn1/euicc-info';
import type { Certificate } from '@esim-rsp/sgp22/asn1/pkix';
import type { VerifyingKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { generateOneTimeKey, type OneTimeKey } from '@esim-rsp/sgp22/crypto/ecka';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import type { Es9Request } from '@esim-rsp/sgp22/functions/es9plus';
import { verifyServerChain } from '@esim-rsp/sgp22/pki/server-chain';
import { confirmationCodeHash, hashCc } from '@esim-rsp/sgp22/value/confirmation-code';
import { iccidToSwappedBcd } from '@esim-rsp/sgp22/value/iccid';
import type { TransactionId } from '@esim-rsp/sgp22/value/transaction-id';
import type { Euicc } from './euicc.ts';
import type { Order } from './fixtures.ts';
import { mustEqual } from './octets.ts';
import { type OpenedPackage, openPackage } from './package.ts';
import type { Es9Server } from './server.ts';

/** A device with its eUICC. The fault is already in the eUICC; the functions below apply it to the messages. */
export type Lpa = { readonly server: Es9Server; readonly euicc: Euicc; readonly fault: Fault };

export type Initiated = {
  readonly transactionId: TransactionId;
  readonly serverSigned1: ServerSigned1;
  readonly smdpOid: string;
};

/** ES9+.InitiateAuthentication (5.6.1), and the checks of LPA and eUICC on the response. */
export async function initiate({ server, euicc, fault }: Lpa): Promise<Initiated> {
  const request = applyChange(
    fault.initiateAuthentication,
    {
      euiccChallenge: systemRandom(16),
      smdpAddress: server.smdpAddress,
      euiccInfo1: encodeWithBytes(EUICCInfo1, applyChange(fault.euiccInfo1, euicc.info, systemRandom)),
    },
    systemRandom,
  );
  const answer = await server.call('initiateAuthentication', request);
  const signed = answer.serverSigned1.value;
  const dpAuth = verifyServer(euicc, 'dp-auth', answer.serverCertificate);
  assert.ok(dpAuth.publicKey.verify(answer.serverSignature1.value, answer.serverSigned1.bytes));
  mustEqual(signed.transactionId, fromHex(answer.transactionId), 'transactionId');
  mustEqual(signed.euiccChallenge, request.euiccChallenge, 'euiccChallenge');
  assert.equal(signed.serverAddress, server.smdpAddress);
  const chosen = answer.euiccCiPKIdToBeUsed.value;
  assert.ok(euicc.info.euiccCiPKIdListForSigning.some((id) => equal(id, chosen)));
  return { transactionId: answer.transactionId, serverSigned1: signed, smdpOid: dpAuth.oid };
}

function verifyServer({ trust }: Euicc, role: 'dp-auth' | 'dp-pb', certificate: Der<Certificate>) {
  const server = verifyServerChain({ certificate, role, trust, now: Date.now() });
  assert.ok(server.ok, server.ok ? '' : server.detail);
  return server;
}

export type Authenticated = Initiated & {
  readonly metadata: Der<StoreMetadataRequest>;
  readonly smdpSigned2: SmdpSigned2;
  readonly smdpSignature2: Uint8Array;
  readonly dpPb: VerifyingKey;
};

/** ES9+.AuthenticateClient (5.6.3). For an empty MatchingID the request has none. */
export async function authenticate(lpa: Lpa, initiated: Initiated, order: Order): Promise<Authenticated> {
  const { server, euicc, fault } = lpa;
  const { request, euiccSignature1 } = authenticateRequest(lpa, initiated, order);
  const answer = await server.call(
    'authenticateClient',
    applyChange(fault.authenticateClient, request, systemRandom),
  );
  const dpPb = verifyServer(euicc, 'dp-pb', answer.smdpCertificate);
  const { smdpSigned2, smdpSignature2, profileMetadata } = answer;
  assert.ok(dpPb.publicKey.verify(smdpSignature2.value, smdpSigned2.bytes, euiccSignature1.bytes));
  assert.equal(dpPb.oid, initiated.smdpOid);
  assert.equal(answer.transactionId, initiated.transactionId);
  mustEqual(smdpSigned2.value.transactionId, fromHex(initiated.transactionId), 'transactionId');
  assert.equal(smdpSigned2.value.ccRequiredFlag, order.confirmationCode !== undefined);
  if (order.iccid !== undefined)
    mustEqual(profileMetadata.value.iccid, iccidToSwappedBcd(order.iccid), 'iccid');
  return {
    ...initiated,
    metadata: profileMetadata,
    smdpSigned2: smdpSigned2.value,
    smdpSignature2: smdpSignature2.bytes,
    dpPb: dpPb.publicKey,
  };
}

function authenticateRequest({ euicc, fault }: Lpa, initiated: Initiated, { matchingId }: Order) {
  const { transactionId, serverAddress, serverChallenge } = initiated.serverSigned1;
  const ctxParamsForCommonAuthentication = {
    ...(matchingId !== '' && { matchingId }),
    deviceInfo: euicc.deviceInfo,
  };
  const euiccSigned1 = encodeWithBytes(
    EuiccSigned1,
    applyChange(
      fault.euiccSigned1,
      {
        transactionId,
        serverAddress,
        serverChallenge,
        euiccInfo2: encodeWithBytes(EUICCInfo2, euicc.info),
        ctxParams1: encodeWithBytes(CtxParams1, { ctxParamsForCommonAuthentication }),
      },
      systemRandom,
    ),
  );
  const euiccSignature1 = encodeWithBytes(Signature, euicc.identity.key.sign(euiccSigned1.bytes));
  const authenticateResponseOk = {
    euiccSigned1,
    euiccSignature1,
    euiccCertificate: euicc.identity.certificate,
    eumCertificate: euicc.eumCertificate,
  };
  const response = applyChange(fault.authenticateServerResponse, { authenticateResponseOk }, systemRandom);
  const authenticateServerResponse = encodeWithBytes(AuthenticateServerResponse, response);
  const request = { transactionId: initiated.transactionId, authenticateServerResponse };
  return { request, euiccSignature1 };
}

export type Bound = Authenticated & { readonly opened: OpenedPackage; readonly oneTimeKey: OneTimeKey };

/** ES9+.GetBoundProfilePackage (5.6.2); opens the package and asserts that it has the announced Profile. */
export async function getPackage(
  { server, euicc, fault }: Lpa,
  session: Authenticated,
  { confirmationCode }: Order,
  oneTimeKey: OneTimeKey = generateOneTimeKey(session.dpPb.curve, systemRandom),
): Promise<Bound> {
  const transactionId = fromHex(session.transactionId);
  const euiccSigned2 = encodeWithBytes(
    EUICCSigned2,
    applyChange(
      fault.euiccSigned2,
      {
        transactionId,
        euiccOtpk: oneTimeKey.otPk,
        ...(confirmationCode !== undefined && {
          hashCc: hashCc(confirmationCodeHash(confirmationCode), transactionId),
        }),
      },
      systemRandom,
    ),
  );
  const signature = euicc.identity.key.sign(euiccSigned2.bytes, session.smdpSignature2);
  const downloadResponseOk = { euiccSigned2, euiccSignature2: encodeWithBytes(Signature, signature) };
  const request: Es9Request<'getBoundProfilePackage'> = {
    transactionId: session.transactionId,
    prepareDownloadResponse: encodeWithBytes(
      PrepareDownloadResponse,
      applyChange(fault.prepareDownloadResponse, { downloadResponseOk }, systemRandom),
    ),
  };
  const asked = applyChange(fault.getBoundProfilePackage, request, systemRandom);
  const answer = await server.call('getBoundProfilePackage', asked);
  assert.equal(answer.transactionId, session.transactionId);
  const { eid } = euicc;
  const { dpPb } = session;
  const opened = openPackage(answer.boundProfilePackage.bytes, { transactionId, eid, oneTimeKey, dpPb });
  mustEqual(opened.metadata, session.metadata.bytes, 'StoreMetadata is what was announced');
  mustEqual(iccidToSwappedBcd(opened.profile.iccid), session.metadata.value.iccid, 'iccid');
  return { ...session, opened, oneTimeKey };
}

/** ES9+.CancelSession (5.6.5). */
export async function cancel(
  { server, euicc, fault }: Lpa,
  session: Initiated,
  reason: number,
): Promise<void> {
  const signed = encodeWithBytes(
    EuiccCancelSessionSigned,
    applyChange(
      fault.euiccCancelSessionSigned,
      {
        transactionId: fromHex(session.transactionId),
        smdpOid: oidContent(session.smdpOid),
        reason,
      },
      systemRandom,
    ),
  );
  const cancelSessionResponseOk = {
    euiccCancelSessionSigned: signed,
    euiccCancelSessionSignature: encodeWithBytes(Signature, euicc.identity.key.sign(signed.bytes)),
  };
  const request: Es9Request<'cancelSession'> = {
    transactionId: session.transactionId,
    cancelSessionResponse: encodeWithBytes(
      CancelSessionResponse,
      applyChange(fault.cancelSessionResponse, { cancelSessionResponseOk }, systemRandom),
    ),
  };
  await server.call('cancelSession', applyChange(fault.cancelSession, request, systemRandom));
}
