import { type Der, type Infer, made, oidContent } from '@esim-rsp/codec';
import {
  AuthenticateServerResponse,
  authenticateErrorCodes,
  CtxParams1,
  type EuiccSigned1,
} from '@esim-rsp/sgp22/asn1/authentication';
import { Signature } from '@esim-rsp/sgp22/asn1/common';
import {
  CancelSessionResponse,
  downloadErrorCodes,
  type EUICCSigned2,
  type EuiccCancelSessionSigned,
  PrepareDownloadResponse,
} from '@esim-rsp/sgp22/asn1/download';
import { type DeviceInfo, EUICCInfo1, type EUICCInfo2 } from '@esim-rsp/sgp22/asn1/euicc-info';
import type { ProfileInstallationResultData } from '@esim-rsp/sgp22/asn1/notification';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import type { Es9Request } from '@esim-rsp/sgp22/functions/es9plus';
import { type TransactionId, transactionIdFromBytes } from '@esim-rsp/sgp22/value/transaction-id';
import type { EuiccChange } from './certificates.ts';

type Change<T> = (value: T) => T;
type InitiateRequest = {
  readonly euiccChallenge: Uint8Array;
  readonly smdpAddress: string;
  readonly euiccInfo1: Der<EUICCInfo1>;
};

/**
 * What one sequence does otherwise than the nominal flow: one change, either of the eUICC, of what it signs (before it
 * signs), or of a request (after).
 */
export type Fault = {
  readonly euicc?: EuiccChange;
  readonly initiateAuthentication?: Change<InitiateRequest>;
  readonly euiccSigned1?: Change<EuiccSigned1>;
  readonly authenticateClient?: Change<Es9Request<'authenticateClient'>>;
  readonly euiccSigned2?: Change<Infer<typeof EUICCSigned2>>;
  readonly getBoundProfilePackage?: Change<Es9Request<'getBoundProfilePackage'>>;
  readonly euiccCancelSessionSigned?: Change<Infer<typeof EuiccCancelSessionSigned>>;
  readonly cancelSession?: Change<Es9Request<'cancelSession'>>;
  readonly profileInstallationResultData?: Change<Infer<typeof ProfileInstallationResultData>>;
  readonly euiccSignPIR?: Change<Uint8Array>;
};

export const none: Fault = {};

function flipped(octets: Uint8Array): Uint8Array {
  return octets.with(-1, (octets.at(-1) ?? 0) ^ 1);
}

const otherSignature = (signature: Der<Uint8Array>) => made(Signature, flipped(signature.value));

// InitiateAuthentication

export const address = (smdpAddress: string): Fault => ({
  initiateAuthentication: (request) => ({ ...request, smdpAddress }),
});

/** Changes what euiccInfo1 and euiccInfo2 say. */
export const info = (members: Partial<EUICCInfo2>): Fault => ({
  euicc: (euicc) => ({ ...euicc, info: { ...euicc.info, ...members } }),
});

export const svn = (...version: [number, number, number]): Fault => info({ svn: Uint8Array.from(version) });

const unknownCi = Uint8Array.of(0x12, 0x34);

export const unknownSigningCi: Fault = info({ euiccCiPKIdListForSigning: [unknownCi] });

/** euiccInfo1 alone: the eUICC can verify nobody that the server has a certificate under. */
export const unusableVerificationCi: Fault = {
  initiateAuthentication: (request) => ({
    ...request,
    euiccInfo1: made(EUICCInfo1, {
      ...request.euiccInfo1.value,
      euiccCiPKIdListForVerification: [unknownCi],
    }),
  }),
};

// AuthenticateClient

export const euicc = (change: EuiccChange): Fault => ({ euicc: change });

export const device = (deviceInfo: DeviceInfo): Fault => ({ euicc: (own) => ({ ...own, deviceInfo }) });

/** `undefined` leaves the MatchingID out. */
export const matchingId = (wanted: string | undefined): Fault => ({
  euiccSigned1: (signed) => {
    const { deviceInfo } = signed.ctxParams1.value.ctxParamsForCommonAuthentication;
    const ctxParamsForCommonAuthentication = {
      ...(wanted !== undefined && { matchingId: wanted }),
      deviceInfo,
    };
    return { ...signed, ctxParams1: made(CtxParams1, { ctxParamsForCommonAuthentication }) };
  },
});

export const wrongServerChallenge: Fault = {
  euiccSigned1: (signed) => ({ ...signed, serverChallenge: flipped(signed.serverChallenge) }),
};

export const wrongEuiccSignature1: Fault = {
  authenticateClient: (request) => {
    const response = request.authenticateServerResponse.value;
    if (!('authenticateResponseOk' in response)) throw new TypeError('the eUICC has not signed');
    const { authenticateResponseOk: ok } = response;
    const authenticateResponseOk = { ...ok, euiccSignature1: otherSignature(ok.euiccSignature1) };
    const authenticateServerResponse = made(AuthenticateServerResponse, { authenticateResponseOk });
    return { ...request, authenticateServerResponse };
  },
};

/** The eUICC reports that it does not believe the server. */
export const authenticateError: Fault = {
  authenticateClient: (request) => {
    const response = request.authenticateServerResponse.value;
    if (!('authenticateResponseOk' in response)) throw new TypeError('the eUICC has not signed');
    const { transactionId } = response.authenticateResponseOk.euiccSigned1.value;
    const authenticateErrorCode = authenticateErrorCodes.invalidSignature;
    const authenticateResponseError = { transactionId, authenticateErrorCode };
    const authenticateServerResponse = made(AuthenticateServerResponse, { authenticateResponseError });
    return { ...request, authenticateServerResponse };
  },
};

function unknownTransaction(): TransactionId {
  return transactionIdFromBytes(systemRandom(16));
}

type Named = 'authenticateClient' | 'getBoundProfilePackage' | 'cancelSession';
type Signing = 'euiccSigned1' | 'euiccSigned2' | 'euiccCancelSessionSigned';

/** In the request, outside of what was signed. */
export function transactionOf(step: Named): Fault {
  const change = <R extends { readonly transactionId: TransactionId }>(request: R): R => ({
    ...request,
    transactionId: unknownTransaction(),
  });
  return { [step]: change };
}

/** Inside of what the eUICC signs. */
export function transactionIn(signed: Signing): Fault {
  const change = <S extends { readonly transactionId: Uint8Array }>(value: S): S => ({
    ...value,
    transactionId: systemRandom(16),
  });
  return { [signed]: change };
}

// GetBoundProfilePackage

export const wrongEuiccSignature2: Fault = {
  getBoundProfilePackage: (request) => {
    const response = request.prepareDownloadResponse.value;
    if (!('downloadResponseOk' in response)) throw new TypeError('the eUICC has not signed');
    const { downloadResponseOk: ok } = response;
    const downloadResponseOk = { ...ok, euiccSignature2: otherSignature(ok.euiccSignature2) };
    return { ...request, prepareDownloadResponse: made(PrepareDownloadResponse, { downloadResponseOk }) };
  },
};

export const withoutHashCc: Fault = { euiccSigned2: ({ hashCc: _, ...signed }) => signed };

export const wrongHashCc: Fault = {
  euiccSigned2: (signed) => ({ ...signed, hashCc: flipped(signed.hashCc ?? new Uint8Array(32)) }),
};

/** The eUICC reports that it could not prepare the download. */
export const downloadError: Fault = {
  getBoundProfilePackage: (request) => {
    const response = request.prepareDownloadResponse.value;
    if (!('downloadResponseOk' in response)) throw new TypeError('the eUICC has not signed');
    const { transactionId } = response.downloadResponseOk.euiccSigned2.value;
    const downloadResponseError = { transactionId, downloadErrorCode: downloadErrorCodes.invalidSignature };
    return { ...request, prepareDownloadResponse: made(PrepareDownloadResponse, { downloadResponseError }) };
  },
};

// CancelSession

export const wrongCancelSignature: Fault = {
  cancelSession: (request) => {
    const response = request.cancelSessionResponse.value;
    if (!('cancelSessionResponseOk' in response)) throw new TypeError('the eUICC has not signed');
    const { cancelSessionResponseOk: ok } = response;
    const cancelSessionResponseOk = {
      ...ok,
      euiccCancelSessionSignature: otherSignature(ok.euiccCancelSessionSignature),
    };
    return { ...request, cancelSessionResponse: made(CancelSessionResponse, { cancelSessionResponseOk }) };
  },
};

/** The eUICC reports that it could not cancel: 5 is invalidTransactionId. */
export const cancelError: Fault = {
  cancelSession: (request) => ({
    ...request,
    cancelSessionResponse: made(CancelSessionResponse, { cancelSessionResponseError: 5 }),
  }),
};

export const wrongSmdpOid: Fault = {
  euiccCancelSessionSigned: (signed) => ({ ...signed, smdpOid: oidContent('1.2.3.4.5') }),
};

// HandleNotification

export const wrongEuiccSignPir: Fault = { euiccSignPIR: flipped };

export const resultOfUnknownTransaction: Fault = {
  profileInstallationResultData: (data) => ({ ...data, transactionId: systemRandom(16) }),
};
