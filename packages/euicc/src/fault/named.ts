import { fromHex, oidContent } from '@esim-rsp/codec';
import { type AuthenticateServerResponse, authenticateErrorCodes } from '@esim-rsp/sgp22/asn1/authentication';
import {
  type CancelSessionResponse,
  downloadErrorCodes,
  type PrepareDownloadResponse,
} from '@esim-rsp/sgp22/asn1/download';
import { PPR1 } from '@esim-rsp/sgp22/asn1/euicc-info';
import { errorReasons } from '@esim-rsp/sgp22/asn1/notification';
import type { Es9Name } from '@esim-rsp/sgp22/functions/es9plus';
import type { Fault } from './fault.ts';
import {
  anotherEuicc,
  eidOutsideRange,
  euiccCertificate,
  euiccNotSignedByEum,
  eumCertificate,
  eumNotSignedByCi,
  eumSelfSigned,
  eumUnderUnknownCi,
  expired,
  type IdentityChange,
  inRoleOfServer,
  withoutIssuer,
  withoutPolicy,
} from './identity.ts';
import {
  address,
  flipLastBit,
  info,
  installationError,
  matchingId,
  otherSignature,
  svn,
  transactionIn,
  transactionOf,
} from './makers.ts';

/** A fault with a name, and how an SM-DP+ answers it. */
export type NamedFault = {
  /** What the device does, in words. */
  readonly about: string;
  readonly fault: Fault;
  /** The function of ES9+ at which the server can see it. */
  readonly step: Es9Name;
  /** Subject and reason code of the refusal; `any` if the specification names none, absent if the server acknowledges. */
  readonly refused?: string;
};

const unknownCi = [Uint8Array.of(0x12, 0x34)];

type Ok<T, K extends string> = Extract<T, Record<K, unknown>>;

/** Changes a response that the eUICC signed; an error response stays the same. */
function ifSigned<T extends object, K extends string>(name: K, change: (ok: Ok<T, K>) => T) {
  return (response: T): T => (name in response ? change(response as Ok<T, K>) : response);
}

const changeAuthenticated = (
  change: (ok: Ok<AuthenticateServerResponse, 'authenticateResponseOk'>) => AuthenticateServerResponse,
): Fault => ({
  authenticateServerResponse: ifSigned('authenticateResponseOk', change),
});
const changePrepared = (
  change: (ok: Ok<PrepareDownloadResponse, 'downloadResponseOk'>) => PrepareDownloadResponse,
): Fault => ({
  prepareDownloadResponse: ifSigned('downloadResponseOk', change),
});
const changeCancelled = (
  change: (ok: Ok<CancelSessionResponse, 'cancelSessionResponseOk'>) => CancelSessionResponse,
): Fault => ({
  cancelSessionResponse: ifSigned('cancelSessionResponseOk', change),
});

const atInitiateAuthentication = (about: string, refused: string, fault: Fault): NamedFault => ({
  about,
  fault,
  step: 'initiateAuthentication',
  refused,
});
const atAuthenticateClient = (about: string, refused: string, fault: Fault): NamedFault => ({
  about,
  fault,
  step: 'authenticateClient',
  refused,
});
const withCertificate = (about: string, refused: string, identity: IdentityChange): NamedFault =>
  atAuthenticateClient(about, refused, { identity });
const atGetBoundProfilePackage = (about: string, refused: string, fault: Fault): NamedFault => ({
  about,
  fault,
  step: 'getBoundProfilePackage',
  refused,
});
const atCancelSession = (about: string, refused: string, fault: Fault): NamedFault => ({
  about,
  fault,
  step: 'cancelSession',
  refused,
});
const atHandleNotification = (about: string, fault: Fault): NamedFault => ({
  about,
  fault,
  step: 'handleNotification',
});

/** What virtual eUICCs and LPAs can do wrong on request. The conformance run and the command line use the same list. */
export const faults = {
  'other-address': atInitiateAuthentication(
    'the LPA asks for an SM-DP+ address that is not the server’s',
    '8.8.1/3.8',
    address('unknown.server.invalid'),
  ),
  'svn-1': atInitiateAuthentication(
    'the eUICC says that it supports SGP.22 1.0.0',
    '8.8.3/3.1',
    svn(1, 0, 0),
  ),
  'svn-3': atInitiateAuthentication(
    'the eUICC says that it supports SGP.22 3.0.0',
    '8.8.3/3.1',
    svn(3, 0, 0),
  ),
  'no-known-ci': atInitiateAuthentication(
    'the eUICC has certificates under, and trusts, a CI that the server does not know',
    '8.8.2/3.1',
    info({ euiccCiPKIdListForSigning: unknownCi, euiccCiPKIdListForVerification: unknownCi }),
  ),
  'unknown-signing-ci': atInitiateAuthentication(
    'the eUICC has certificates under a CI that the server does not know',
    '8.8.2/3.1',
    info({ euiccCiPKIdListForSigning: unknownCi }),
  ),
  'unknown-verification-ci': atInitiateAuthentication(
    'the eUICC trusts a CI alone that the server has no certificate under',
    '8.8.4/3.7',
    { euiccInfo1: (own) => ({ ...own, euiccCiPKIdListForVerification: unknownCi }) },
  ),

  'eum-expired': withCertificate('the EUM certificate has expired', '8.1.2/6.3', eumCertificate(expired)),
  'eum-self-signed': withCertificate('the EUM certificate is issued by itself', '8.1.2/6.1', eumSelfSigned),
  'eum-not-signed-by-ci': withCertificate(
    'the EUM certificate is signed with another key than that of its CI',
    '8.1.2/6.1',
    eumNotSignedByCi,
  ),
  'eum-without-issuer': withCertificate(
    'the EUM certificate names no issuer (authorityKeyIdentifier)',
    '8.1.2/6.1',
    eumCertificate(withoutIssuer),
  ),
  'eum-without-policy': withCertificate(
    'the EUM certificate has no policy',
    '8.1.2/6.1',
    eumCertificate(withoutPolicy),
  ),
  'eum-in-role-of-server': withCertificate(
    'the EUM certificate has the role of an SM-DP+',
    '8.1.2/6.1',
    eumCertificate(inRoleOfServer),
  ),
  'eum-under-unknown-ci': withCertificate(
    'the EUM certificate is under a CI that the server does not know',
    '8.11.1/3.9',
    eumUnderUnknownCi,
  ),
  'euicc-expired': withCertificate(
    'the eUICC certificate has expired',
    '8.1.3/6.3',
    euiccCertificate(expired),
  ),
  'euicc-not-signed-by-eum': withCertificate(
    'the eUICC certificate is signed with another key than that of its EUM',
    '8.1.3/6.1',
    euiccNotSignedByEum,
  ),
  'euicc-without-issuer': withCertificate(
    'the eUICC certificate names no issuer (authorityKeyIdentifier)',
    '8.1.3/6.1',
    euiccCertificate(withoutIssuer),
  ),
  'euicc-without-policy': withCertificate(
    'the eUICC certificate has no policy',
    '8.1.3/6.1',
    euiccCertificate(withoutPolicy),
  ),
  'euicc-in-role-of-server': withCertificate(
    'the eUICC certificate has the role of an SM-DP+',
    '8.1.3/6.1',
    euiccCertificate(inRoleOfServer),
  ),
  'eid-outside-range': withCertificate('the EUM may not assign this EID', '8.1.3/6.1', eidOutsideRange),
  'another-euicc': withCertificate('the order is for another eUICC', '8.1.1/3.8', anotherEuicc),

  'wrong-euicc-signature1': atAuthenticateClient(
    'euiccSignature1 is wrong',
    '8.1/6.1',
    changeAuthenticated(({ authenticateResponseOk: ok }) => ({
      authenticateResponseOk: { ...ok, euiccSignature1: otherSignature(ok.euiccSignature1) },
    })),
  ),
  'wrong-server-challenge': atAuthenticateClient('the eUICC signs another serverChallenge', '8.1/6.1', {
    euiccSigned1: (signed) => ({ ...signed, serverChallenge: flipLastBit(signed.serverChallenge) }),
  }),
  'other-transaction-authenticating': atAuthenticateClient(
    'AuthenticateClient names a transaction that the server has not opened',
    '8.10.1/3.9',
    transactionOf('authenticateClient'),
  ),
  'other-transaction-in-euicc-signed1': atAuthenticateClient(
    'the eUICC signs another transaction in euiccSigned1',
    '8.10.1/3.9',
    transactionIn('euiccSigned1'),
  ),
  'unknown-matching-id': atAuthenticateClient(
    'the server did not issue this MatchingID',
    '8.2.6/3.8',
    matchingId('NO-SUCH-MATCHING-ID'),
  ),
  'ppr1-forbidden': atAuthenticateClient(
    'the eUICC forbids profiles that must not be disabled',
    '8.2.5/4.3',
    info({ forbiddenProfilePolicyRules: new Set([PPR1]) }),
  ),
  'little-memory': atAuthenticateClient(
    'the eUICC has 256 octets of memory free',
    '8.1/4.8',
    info({ extCardResource: fromHex('810100820201008304000016e0') }),
  ),
  'authenticate-error': atAuthenticateClient(
    'the eUICC reports that the signature of the server is wrong',
    'any',
    changeAuthenticated(({ authenticateResponseOk }) => ({
      authenticateResponseError: {
        transactionId: authenticateResponseOk.euiccSigned1.value.transactionId,
        authenticateErrorCode: authenticateErrorCodes.invalidSignature,
      },
    })),
  ),

  'wrong-euicc-signature2': atGetBoundProfilePackage(
    'euiccSignature2 is wrong',
    '8.1/6.1',
    changePrepared(({ downloadResponseOk: ok }) => ({
      downloadResponseOk: { ...ok, euiccSignature2: otherSignature(ok.euiccSignature2) },
    })),
  ),
  'other-transaction-binding': atGetBoundProfilePackage(
    'GetBoundProfilePackage names a transaction that the server has not opened',
    '8.10.1/3.9',
    transactionOf('getBoundProfilePackage'),
  ),
  'other-transaction-in-euicc-signed2': atGetBoundProfilePackage(
    'the eUICC signs another transaction in euiccSigned2',
    '8.10.1/3.9',
    transactionIn('euiccSigned2'),
  ),
  'without-hash-cc': atGetBoundProfilePackage('the confirmation code is left out', '8.2.7/2.2', {
    euiccSigned2: ({ hashCc: _, ...signed }) => signed,
  }),
  'wrong-hash-cc': atGetBoundProfilePackage('the confirmation code is wrong', '8.2.7/3.8', {
    euiccSigned2: (signed) => ({ ...signed, hashCc: flipLastBit(signed.hashCc ?? new Uint8Array(32)) }),
  }),
  'download-error': atGetBoundProfilePackage(
    'the eUICC reports that the signature of the server is wrong',
    'any',
    changePrepared(({ downloadResponseOk }) => ({
      downloadResponseError: {
        transactionId: downloadResponseOk.euiccSigned2.value.transactionId,
        downloadErrorCode: downloadErrorCodes.invalidSignature,
      },
    })),
  ),

  'wrong-cancel-signature': atCancelSession(
    'euiccCancelSessionSignature is wrong',
    '8.1/6.1',
    changeCancelled(({ cancelSessionResponseOk: ok }) => ({
      cancelSessionResponseOk: {
        ...ok,
        euiccCancelSessionSignature: otherSignature(ok.euiccCancelSessionSignature),
      },
    })),
  ),
  'other-transaction-cancelling': atCancelSession(
    'CancelSession names a transaction that the server has not opened',
    '8.10.1/3.9',
    transactionOf('cancelSession'),
  ),
  'other-transaction-in-cancel-signed': atCancelSession(
    'the eUICC signs another transaction in euiccCancelSessionSigned',
    '8.10.1/3.9',
    transactionIn('euiccCancelSessionSigned'),
  ),
  'wrong-smdp-oid': atCancelSession(
    'the eUICC names another SM-DP+ in euiccCancelSessionSigned',
    '8.8/3.10',
    {
      euiccCancelSessionSigned: (signed) => ({ ...signed, smdpOid: oidContent('1.2.3.4.5') }),
    },
  ),
  'cancel-error': atCancelSession(
    'the eUICC reports that it could not cancel (invalidTransactionId)',
    'any',
    changeCancelled(() => ({ cancelSessionResponseError: 5 })),
  ),

  'wrong-euicc-sign-pir': atHandleNotification('euiccSignPIR of the installation result is wrong', {
    euiccSignPIR: flipLastBit,
  }),
  'other-transaction-in-result': atHandleNotification(
    'the eUICC signs another transaction in the installation result',
    transactionIn('profileInstallationResultData'),
  ),
  ...installationErrors(),
} as const satisfies Readonly<Record<string, NamedFault>>;
export type FaultName = keyof typeof faults;

type ReasonName = keyof typeof errorReasons;

/** The eUICC reports one of the reasons of ErrorResult (2.5.6), as `result-<name>`. */
function installationErrors(): Readonly<Record<`result-${ReasonName}`, NamedFault>> {
  const named = (Object.keys(errorReasons) as ReasonName[]).map((name) => [
    `result-${name}`,
    atHandleNotification(
      `the eUICC reports that it could not install the profile: ${name}`,
      installationError(errorReasons[name]),
    ),
  ]);
  return Object.fromEntries(named);
}
