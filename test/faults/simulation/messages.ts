import { decodeWithBytes, encode, encodeWithBytes, fromHex, oidContent } from '@esim-rsp/codec';
import { AuthenticateServerResponse, CtxParams1, EuiccSigned1 } from '@esim-rsp/sgp22/asn1/authentication';
import { notificationEvents } from '@esim-rsp/sgp22/asn1/bound-profile-package';
import { Signature } from '@esim-rsp/sgp22/asn1/common';
import {
  CancelSessionResponse,
  cancelSessionReasons,
  EUICCSigned2,
  EuiccCancelSessionSigned,
  PrepareDownloadResponse,
} from '@esim-rsp/sgp22/asn1/download';
import { EUICCInfo1, EUICCInfo2 } from '@esim-rsp/sgp22/asn1/euicc-info';
import {
  errorReasons,
  NotificationMetadata,
  PendingNotification,
  ProfileInstallationResultData,
} from '@esim-rsp/sgp22/asn1/notification';
import type { Es9Request, Es9Response } from '@esim-rsp/sgp22/functions/es9plus';
import { type Iccid, iccidToSwappedBcd } from '@esim-rsp/sgp22/value/iccid';
import { cheapSignature, ciPKId, type euiccs, eumCertificate, SMDP_ADDRESS, smdpOid } from './model-smdp.ts';

type Euicc = (typeof euiccs)[number];
const version = fromHex('020200');

export function initiateRequest(euiccChallenge: Uint8Array): Es9Request<'initiateAuthentication'> {
  const ids = { euiccCiPKIdListForVerification: [ciPKId], euiccCiPKIdListForSigning: [ciPKId] };
  return {
    euiccChallenge,
    smdpAddress: SMDP_ADDRESS,
    euiccInfo1: encodeWithBytes(EUICCInfo1, { svn: version, ...ids }),
  };
}

const euiccInfo2 = encodeWithBytes(EUICCInfo2, {
  profileVersion: version,
  svn: version,
  euiccFirmwareVer: version,
  extCardResource: fromHex('810100820400040000'),
  uiccCapability: new Set([1, 4]),
  rspCapability: new Set([0]),
  euiccCiPKIdListForVerification: [ciPKId],
  euiccCiPKIdListForSigning: [ciPKId],
  ppVersion: version,
  sasAcreditationNumber: 'none',
});

export function authenticateRequest(
  { eid, certificate }: Euicc,
  { transactionId, serverSigned1 }: Es9Response<'initiateAuthentication'>,
  matchingId: string,
): Es9Request<'authenticateClient'> {
  const euiccSigned1 = encodeWithBytes(EuiccSigned1, {
    transactionId: fromHex(transactionId),
    serverAddress: SMDP_ADDRESS,
    serverChallenge: serverSigned1.value.serverChallenge,
    euiccInfo2,
    ctxParams1: encodeWithBytes(CtxParams1, {
      ctxParamsForCommonAuthentication: {
        matchingId,
        deviceInfo: { tac: fromHex('35290611'), deviceCapabilities: {} },
      },
    }),
  });
  const response = encode(AuthenticateServerResponse, {
    authenticateResponseOk: {
      euiccSigned1,
      euiccSignature1: encodeWithBytes(Signature, cheapSignature(eid, euiccSigned1.bytes)),
      euiccCertificate: certificate,
      eumCertificate,
    },
  });
  return {
    transactionId,
    authenticateServerResponse: decodeWithBytes(AuthenticateServerResponse, response),
  };
}

export function packageRequest(
  { eid }: Euicc,
  { transactionId, smdpSignature2 }: Es9Response<'authenticateClient'>,
  euiccOtpk: Uint8Array,
): Es9Request<'getBoundProfilePackage'> {
  const euiccSigned2 = encodeWithBytes(EUICCSigned2, { transactionId: fromHex(transactionId), euiccOtpk });
  const signature = cheapSignature(eid, euiccSigned2.bytes, smdpSignature2.bytes);
  const response = encode(PrepareDownloadResponse, {
    downloadResponseOk: { euiccSigned2, euiccSignature2: encodeWithBytes(Signature, signature) },
  });
  return { transactionId, prepareDownloadResponse: decodeWithBytes(PrepareDownloadResponse, response) };
}

export function cancelRequest(
  { eid }: Euicc,
  { transactionId }: Es9Response<'authenticateClient'>,
  reason: keyof typeof cancelSessionReasons,
): Es9Request<'cancelSession'> {
  const euiccCancelSessionSigned = encodeWithBytes(EuiccCancelSessionSigned, {
    transactionId: fromHex(transactionId),
    smdpOid: oidContent(smdpOid),
    reason: cancelSessionReasons[reason],
  });
  const signature = cheapSignature(eid, euiccCancelSessionSigned.bytes);
  const response = encode(CancelSessionResponse, {
    cancelSessionResponseOk: {
      euiccCancelSessionSigned,
      euiccCancelSessionSignature: encodeWithBytes(Signature, signature),
    },
  });
  return { transactionId, cancelSessionResponse: decodeWithBytes(CancelSessionResponse, response) };
}

export type Notification = Es9Request<'handleNotification'>;
type EventName = 'notificationInstall' | 'notificationEnable' | 'notificationDisable' | 'notificationDelete';

function metadataOf(iccid: Iccid, seqNumber: number, event: EventName) {
  return {
    seqNumber,
    profileManagementOperation: new Set([notificationEvents[event]]),
    notificationAddress: SMDP_ADDRESS,
    iccid: iccidToSwappedBcd(iccid),
  };
}

export function resultOf(
  { eid }: Euicc,
  { transactionId }: Pick<Es9Response<'authenticateClient'>, 'transactionId'>,
  { iccid, seqNumber, isInstalled }: { iccid: Iccid; seqNumber: number; isInstalled: boolean },
): Notification {
  const finalResult = isInstalled
    ? { successResult: { aid: fromHex('a0000005591010ffffffff8900001100'), simaResponse: fromHex('3000') } }
    : { errorResult: { bppCommandId: 5, errorReason: errorReasons.installFailedDueToUnknownError } };
  const data = encodeWithBytes(ProfileInstallationResultData, {
    transactionId: fromHex(transactionId),
    notificationMetadata: metadataOf(iccid, seqNumber, 'notificationInstall'),
    smdpOid,
    finalResult,
  });
  const euiccSignPIR = cheapSignature(eid, data.bytes);
  return pending({ profileInstallationResult: { profileInstallationResultData: data, euiccSignPIR } });
}

export function reportOf(
  { eid, certificate }: Euicc,
  { iccid, seqNumber, event }: { iccid: Iccid; seqNumber: number; event: EventName },
): Notification {
  const tbsOtherNotification = encodeWithBytes(NotificationMetadata, metadataOf(iccid, seqNumber, event));
  return pending({
    otherSignedNotification: {
      tbsOtherNotification,
      euiccNotificationSignature: cheapSignature(eid, tbsOtherNotification.bytes),
      euiccCertificate: certificate,
      eumCertificate,
    },
  });
}

function pending(value: PendingNotification): Notification {
  return { pendingNotification: decodeWithBytes(PendingNotification, encode(PendingNotification, value)) };
}
