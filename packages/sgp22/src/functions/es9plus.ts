import { octetString, raw } from '@esim-rsp/codec';
import { AuthenticateServerResponse, ServerSigned1 } from '../asn1/authentication.ts';
import { StoreMetadataRequest } from '../asn1/bound-profile-package.ts';
import { Signature } from '../asn1/common.ts';
import { CancelSessionResponse, PrepareDownloadResponse, SmdpSigned2 } from '../asn1/download.ts';
import { EUICCInfo1 } from '../asn1/euicc-info.ts';
import { PendingNotification } from '../asn1/notification.ts';
import { Certificate } from '../asn1/pkix.ts';
import {
  base64Der,
  base64Octets,
  type Message,
  type MessageOf,
  text,
  transactionIdField,
} from './binding.ts';

/** One function of ES9+: where the specification describes it, its path, and what goes each way. */
export type Es9Function<Q extends Message = Message, R extends Message = Message> = {
  readonly section: string;
  readonly path: string;
  readonly request: Q;
  /** undefined: a notification, answered 204 without a body. */
  readonly response: R | undefined;
};

function es9Function<Q extends Message, R extends Message | undefined>(
  section: string,
  name: string,
  request: Q,
  response: R,
) {
  return { section, path: `/gsma/rsp2/es9plus/${name}`, request, response } as const;
}

/** ES9+ (SGP.22 5.6, JSON binding 6.5.2). Server, LPA, documentation and conformance tests all loop over this table. */
export const es9plus = {
  initiateAuthentication: es9Function(
    '5.6.1',
    'initiateAuthentication',
    {
      euiccChallenge: base64Octets(16),
      euiccInfo1: base64Der(EUICCInfo1, 'EUICCInfo1'),
      smdpAddress: text(255, 'the SM-DP+ address that the LPA has contacted'),
    },
    {
      transactionId: transactionIdField,
      serverSigned1: base64Der(ServerSigned1, 'ServerSigned1'),
      serverSignature1: base64Der(Signature, 'a signature (5F37)'),
      euiccCiPKIdToBeUsed: base64Der(octetString(), 'a SubjectKeyIdentifier'),
      serverCertificate: base64Der(Certificate, 'CERT.DPauth.ECDSA'),
    },
  ),
  authenticateClient: es9Function(
    '5.6.3',
    'authenticateClient',
    {
      transactionId: transactionIdField,
      authenticateServerResponse: base64Der(AuthenticateServerResponse, 'AuthenticateServerResponse'),
    },
    {
      transactionId: transactionIdField,
      profileMetadata: base64Der(StoreMetadataRequest, 'StoreMetadataRequest'),
      smdpSigned2: base64Der(SmdpSigned2, 'SmdpSigned2'),
      smdpSignature2: base64Der(Signature, 'a signature (5F37)'),
      smdpCertificate: base64Der(Certificate, 'CERT.DPpb.ECDSA'),
    },
  ),
  getBoundProfilePackage: es9Function(
    '5.6.2',
    'getBoundProfilePackage',
    {
      transactionId: transactionIdField,
      prepareDownloadResponse: base64Der(PrepareDownloadResponse, 'PrepareDownloadResponse'),
    },
    {
      transactionId: transactionIdField,
      boundProfilePackage: base64Der(raw(0xbf36), 'BoundProfilePackage'),
    },
  ),
  cancelSession: es9Function(
    '5.6.5',
    'cancelSession',
    {
      transactionId: transactionIdField,
      cancelSessionResponse: base64Der(CancelSessionResponse, 'CancelSessionResponse'),
    },
    {},
  ),
  handleNotification: es9Function(
    '5.6.4',
    'handleNotification',
    { pendingNotification: base64Der(PendingNotification, 'PendingNotification') },
    undefined,
  ),
} as const;

export type Es9Name = keyof typeof es9plus;
export type Es9Request<N extends Es9Name> = MessageOf<(typeof es9plus)[N]['request']>;
export type Es9Response<N extends Es9Name> = (typeof es9plus)[N]['response'] extends Message
  ? MessageOf<(typeof es9plus)[N]['response']>
  : undefined;
