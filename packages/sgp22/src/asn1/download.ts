import {
  boolean,
  choice,
  type Infer,
  integer,
  octetString,
  optional,
  sequence,
  withBytes,
} from '@esim-rsp/codec';
import { PublicKey, Signature, TransactionId } from './common.ts';
import { Certificate } from './pkix.ts';

/** Prepare and cancel a download (SGP.22 5.7.5, 5.7.14, 5.6.5). */

export const HashCc = octetString(32);

export const SmdpSigned2 = sequence({
  transactionId: TransactionId.as('80'),
  ccRequiredFlag: boolean,
  bppEuiccOtpk: optional(PublicKey),
});
export type SmdpSigned2 = Infer<typeof SmdpSigned2>;

export const PrepareDownloadRequest = sequence({
  smdpSigned2: withBytes(SmdpSigned2),
  smdpSignature2: withBytes(Signature),
  hashCc: optional(HashCc),
  smdpCertificate: withBytes(Certificate),
}).as('BF21');
export type PrepareDownloadRequest = Infer<typeof PrepareDownloadRequest>;

export const EUICCSigned2 = sequence({
  transactionId: TransactionId.as('80'),
  euiccOtpk: PublicKey,
  hashCc: optional(octetString(0, 32)), // some eUICCs send an empty one where no code is required
});
export type EUICCSigned2 = Infer<typeof EUICCSigned2>;

export const PrepareDownloadResponseOk = sequence({
  euiccSigned2: withBytes(EUICCSigned2),
  euiccSignature2: withBytes(Signature),
});

export const downloadErrorCodes = {
  invalidCertificate: 1,
  invalidSignature: 2,
  unsupportedCurve: 3,
  noSessionContext: 4,
  invalidTransactionId: 5,
  undefinedError: 127,
} as const;

export const PrepareDownloadResponseError = sequence({
  transactionId: TransactionId.as('80'),
  downloadErrorCode: integer(0, 255),
});

export const PrepareDownloadResponse = choice({
  downloadResponseOk: PrepareDownloadResponseOk.as('A0'),
  downloadResponseError: PrepareDownloadResponseError.as('A1'),
}).as('BF21');
export type PrepareDownloadResponse = Infer<typeof PrepareDownloadResponse>;

export const cancelSessionReasons = {
  endUserRejection: 0,
  postponed: 1,
  timeout: 2,
  pprNotAllowed: 3,
  metadataMismatch: 4,
  loadBppExecutionError: 5,
  undefinedReason: 127,
} as const;

export const CancelSessionRequest = sequence({
  transactionId: TransactionId.as('80'),
  reason: integer(0, 255).as('81'),
}).as('BF41');

export const EuiccCancelSessionSigned = sequence({
  transactionId: TransactionId.as('80'),
  /** Content octets of the OID in CERT.DPauth. */
  smdpOid: octetString(1, 64).as('81'),
  reason: integer(0, 255).as('82'),
});

export const CancelSessionResponseOk = sequence({
  euiccCancelSessionSigned: withBytes(EuiccCancelSessionSigned),
  euiccCancelSessionSignature: withBytes(Signature),
});

export const CancelSessionResponse = choice({
  cancelSessionResponseOk: CancelSessionResponseOk.as('A0'),
  cancelSessionResponseError: integer(0, 255).as('81'),
}).as('BF41');
export type CancelSessionResponse = Infer<typeof CancelSessionResponse>;
