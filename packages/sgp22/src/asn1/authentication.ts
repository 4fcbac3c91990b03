import {
  choice,
  type Infer,
  integer,
  octetString,
  optional,
  sequence,
  utf8String,
  withBytes,
} from '@esim-rsp/codec';
import { ServerAddress, Signature, SubjectKeyIdentifier, TransactionId } from './common.ts';
import { DeviceInfo, EUICCInfo2 } from './euicc-info.ts';
import { Certificate } from './pkix.ts';

/** Common mutual authentication (SGP.22 3.0.1, 5.7.13). */

export const Challenge = octetString(16);

export const ServerSigned1 = sequence({
  transactionId: TransactionId.as('80'),
  euiccChallenge: Challenge.as('81'),
  serverAddress: ServerAddress.as('83'),
  serverChallenge: Challenge.as('84'),
});
export type ServerSigned1 = Infer<typeof ServerSigned1>;

export const CtxParamsForCommonAuthentication = sequence({
  matchingId: optional(utf8String(255).as('80')),
  deviceInfo: DeviceInfo.as('A1'),
});
export type CtxParamsForCommonAuthentication = Infer<typeof CtxParamsForCommonAuthentication>;

/** A CHOICE with one alternative so far; its tag says which. */
export const CtxParams1 = choice({
  ctxParamsForCommonAuthentication: CtxParamsForCommonAuthentication.as('A0'),
});
export type CtxParams1 = Infer<typeof CtxParams1>;

export const AuthenticateServerRequest = sequence({
  serverSigned1: withBytes(ServerSigned1),
  serverSignature1: withBytes(Signature),
  euiccCiPKIdToBeUsed: SubjectKeyIdentifier,
  serverCertificate: withBytes(Certificate),
  ctxParams1: withBytes(CtxParams1),
}).as('BF38');
export type AuthenticateServerRequest = Infer<typeof AuthenticateServerRequest>;

export const EuiccSigned1 = sequence({
  transactionId: TransactionId.as('80'),
  serverAddress: ServerAddress.as('83'),
  serverChallenge: Challenge.as('84'),
  euiccInfo2: withBytes(EUICCInfo2),
  ctxParams1: withBytes(CtxParams1),
});
export type EuiccSigned1 = Infer<typeof EuiccSigned1>;

export const AuthenticateResponseOk = sequence({
  euiccSigned1: withBytes(EuiccSigned1), // euiccSignature1 covers exactly these bytes
  euiccSignature1: withBytes(Signature), // smdpSignature2 covers it in turn
  euiccCertificate: withBytes(Certificate),
  eumCertificate: withBytes(Certificate),
});
export type AuthenticateResponseOk = Infer<typeof AuthenticateResponseOk>;

export const authenticateErrorCodes = {
  invalidCertificate: 1,
  invalidSignature: 2,
  unsupportedCurve: 3,
  noSessionContext: 4,
  invalidOid: 5,
  euiccChallengeMismatch: 6,
  ciPKUnknown: 7,
  undefinedError: 127,
} as const;

export const AuthenticateResponseError = sequence({
  transactionId: TransactionId.as('80'),
  authenticateErrorCode: integer(0, 255),
});

export const AuthenticateServerResponse = choice({
  authenticateResponseOk: AuthenticateResponseOk.as('A0'),
  authenticateResponseError: AuthenticateResponseError.as('A1'),
}).as('BF38');
export type AuthenticateServerResponse = Infer<typeof AuthenticateServerResponse>;
