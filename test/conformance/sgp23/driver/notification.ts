import { type Der, encodeWithBytes, fromHex, type Infer } from '@esim-rsp/codec';
import { applyChange } from '@esim-rsp/euicc/fault';
import { notificationEvents } from '@esim-rsp/sgp22/asn1/bound-profile-package';
import {
  NotificationMetadata,
  PendingNotification,
  ProfileInstallationResultData,
} from '@esim-rsp/sgp22/asn1/notification';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import type { Bound, Lpa } from './session.ts';

type Pending = Der<Infer<typeof PendingNotification>>;
type FinalResult = Infer<typeof ProfileInstallationResultData>['finalResult'];

const success: FinalResult = {
  successResult: {
    aid: fromHex('a0000005591010ffffffff8900001100'),
    simaResponse: fromHex('3007a0053003800100'),
  },
};

/** ProfileInstallationResult (SGP.22 2.5.6): success, or the result of the fault. */
export function installationResult({ euicc, server, fault }: Lpa, session: Bound): Pending {
  const nominal = {
    transactionId: fromHex(session.transactionId),
    notificationMetadata: {
      seqNumber: 1,
      profileManagementOperation: new Set([notificationEvents.notificationInstall]),
      notificationAddress: server.smdpAddress,
      iccid: session.metadata.value.iccid,
    },
    smdpOid: session.smdpOid,
    finalResult: success,
  };
  const result = applyChange(fault.profileInstallationResultData, nominal, systemRandom);
  const data = encodeWithBytes(ProfileInstallationResultData, result);
  const profileInstallationResult = {
    profileInstallationResultData: data,
    euiccSignPIR: applyChange(fault.euiccSignPIR, euicc.identity.key.sign(data.bytes), systemRandom),
  };
  return encodeWithBytes(PendingNotification, { profileInstallationResult });
}

/** OtherSignedNotification: the Profile was enabled. */
export function enabledNotification({ euicc, server }: Lpa, session: Bound): Pending {
  const tbsOtherNotification = encodeWithBytes(NotificationMetadata, {
    seqNumber: 2,
    profileManagementOperation: new Set([notificationEvents.notificationEnable]),
    notificationAddress: server.smdpAddress,
    iccid: session.metadata.value.iccid,
  });
  const otherSignedNotification = {
    tbsOtherNotification,
    euiccNotificationSignature: euicc.identity.key.sign(tbsOtherNotification.bytes),
    euiccCertificate: euicc.identity.certificate,
    eumCertificate: euicc.eumCertificate,
  };
  return encodeWithBytes(PendingNotification, { otherSignedNotification });
}

/** ES9+.HandleNotification (5.6.4): resolves when the server acknowledges it as in 6.5.2.4. */
export async function notify({ server }: Lpa, pendingNotification: Pending): Promise<void> {
  await server.call('handleNotification', { pendingNotification });
}
