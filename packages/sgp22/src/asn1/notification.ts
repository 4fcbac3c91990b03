import {
  choice,
  type Infer,
  integer,
  namedBits,
  objectIdentifier,
  octetString,
  optional,
  sequence,
  withBytes,
} from '@esim-rsp/codec';
import { Aid, Iccid, ServerAddress, Signature, TransactionId } from './common.ts';
import { Certificate } from './pkix.ts';

/** Notifications of an eUICC (SGP.22 2.5.6, 5.7.10). */

export const NotificationMetadata = sequence({
  seqNumber: integer().as('80'),
  profileManagementOperation: namedBits.as('81'),
  notificationAddress: ServerAddress,
  iccid: optional(Iccid),
}).as('BF2F');
export type NotificationMetadata = Infer<typeof NotificationMetadata>;

export const bppCommandIds = {
  initialiseSecureChannel: 0,
  configureISDP: 1,
  storeMetadata: 2,
  storeMetadata2: 3,
  replaceSessionKeys: 4,
  loadProfileElements: 5,
} as const;

export const errorReasons = {
  incorrectInputValues: 1,
  invalidSignature: 2,
  invalidTransactionId: 3,
  unsupportedCrtValues: 4,
  unsupportedRemoteOperationType: 5,
  unsupportedProfileClass: 6,
  scp03tStructureError: 7,
  scp03tSecurityError: 8,
  installFailedDueToIccidAlreadyExistsOnEuicc: 9,
  installFailedDueToInsufficientMemoryForProfile: 10,
  installFailedDueToInterruption: 11,
  installFailedDueToPEProcessingError: 12,
  installFailedDueToDataMismatch: 13,
  testProfileInstallFailedDueToInvalidNaaKey: 14,
  pprNotAllowed: 15,
  installFailedDueToUnknownError: 127,
} as const;

export const SuccessResult = sequence({
  aid: Aid,
  simaResponse: octetString(),
});

export const ErrorResult = sequence({
  bppCommandId: integer(0, 255).as('80'),
  errorReason: integer(0, 255).as('81'),
  simaResponse: optional(octetString().as('82')),
});

export const ProfileInstallationResultData = sequence({
  transactionId: TransactionId.as('80'),
  notificationMetadata: NotificationMetadata,
  smdpOid: optional(objectIdentifier),
  finalResult: choice({
    successResult: SuccessResult.as('A0'),
    errorResult: ErrorResult.as('A1'),
  }).as('A2'),
}).as('BF27');
export type ProfileInstallationResultData = Infer<typeof ProfileInstallationResultData>;

export const ProfileInstallationResult = sequence({
  profileInstallationResultData: withBytes(ProfileInstallationResultData),
  euiccSignPIR: Signature,
}).as('BF37');
export type ProfileInstallationResult = Infer<typeof ProfileInstallationResult>;

export const OtherSignedNotification = sequence({
  tbsOtherNotification: withBytes(NotificationMetadata),
  euiccNotificationSignature: Signature,
  euiccCertificate: withBytes(Certificate),
  eumCertificate: withBytes(Certificate),
});
export type OtherSignedNotification = Infer<typeof OtherSignedNotification>;

export const PendingNotification = choice({
  profileInstallationResult: ProfileInstallationResult,
  otherSignedNotification: OtherSignedNotification,
});
export type PendingNotification = Infer<typeof PendingNotification>;
