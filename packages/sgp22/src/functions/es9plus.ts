import { raw } from '@esim-rsp/codec';
import { AuthenticateServerResponse, ServerSigned1 } from '../asn1/authentication.ts';
import { StoreMetadataRequest } from '../asn1/bound-profile-package.ts';
import { Signature, SubjectKeyIdentifier } from '../asn1/common.ts';
import { CancelSessionResponse, PrepareDownloadResponse, SmdpSigned2 } from '../asn1/download.ts';
import { EUICCInfo1 } from '../asn1/euicc-info.ts';
import { PendingNotification } from '../asn1/notification.ts';
import { Certificate } from '../asn1/pkix.ts';
import {
  base64Der,
  base64Octets,
  type Message,
  type MessageOf,
  textField,
  transactionIdField,
} from './binding.ts';

/** One function of ES9+: where the specification describes it, how it is called, and what goes each way. */
export type Es9Function<Q extends Message = Message, R extends Message = Message> = {
  readonly section: string;
  /** Path of the JSON binding. */
  readonly path: string;
  /** Tag of request and response in the ASN.1 binding. */
  readonly tag: string;
  readonly request: Q;
  /** undefined: a notification, answered 204 without a body. */
  readonly response: R | undefined;
  /** What the ASN.1 binding answers in place of a subject and reason code; 127 for all others. */
  readonly errors: Readonly<Record<string, number>>;
};

type Head = {
  readonly section: string;
  readonly name: string;
  readonly tag: string;
  readonly errors: Es9Function['errors'];
};

function es9Function<Q extends Message, R extends Message | undefined>(
  { section, name, tag, errors }: Head,
  request: Q,
  response: R,
) {
  return { section, path: `/gsma/rsp2/es9plus/${name}`, tag, errors, request, response } as const;
}

/** ES9+ (SGP.22 5.6; JSON binding 6.5.2, ASN.1 binding 6.6.2). Server, LPA, documentation and conformance tests all loop over this table. */
export const es9plus = {
  initiateAuthentication: es9Function(
    {
      section: '5.6.1',
      name: 'initiateAuthentication',
      tag: 'BF39',
      errors: { '8.8.1/3.8': 1, '8.8.3/3.1': 2, '8.8.2/3.1': 3, '8.8.4/3.7': 3 },
    },
    {
      euiccChallenge: base64Octets(16, '81'),
      smdpAddress: textField(255, 'the SM-DP+ address that the LPA has contacted', '83'),
      euiccInfo1: base64Der(EUICCInfo1, 'EUICCInfo1'),
    },
    {
      transactionId: transactionIdField,
      serverSigned1: base64Der(ServerSigned1, 'ServerSigned1'),
      serverSignature1: base64Der(Signature, 'a signature (5F37)'),
      euiccCiPKIdToBeUsed: base64Der(SubjectKeyIdentifier, 'a SubjectKeyIdentifier'),
      serverCertificate: base64Der(Certificate, 'CERT.DPauth.ECDSA'),
    },
  ),
  authenticateClient: es9Function(
    {
      section: '5.6.3',
      name: 'authenticateClient',
      tag: 'BF3B',
      errors: {
        '8.1.2/6.1': 1,
        '8.1.2/6.3': 2,
        '8.1.3/6.1': 3,
        '8.1.3/6.3': 4,
        '8.1/6.1': 5,
        '8.2.6/3.8': 6,
        '8.1.1/3.8': 7,
        '8.2.5/4.3': 8,
        '8.11.1/3.9': 9,
        '8.10.1/3.9': 10,
        '8.1/4.8': 11,
      },
    },
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
    {
      section: '5.6.2',
      name: 'getBoundProfilePackage',
      tag: 'BF3A',
      errors: {
        '8.1/6.1': 1,
        '8.2.7/2.2': 2,
        '8.2.7/3.8': 3,
        '8.2.7/6.4': 4,
        '8.2/3.7': 5,
        '8.8.5/4.10': 6,
        '8.10.1/3.9': 95,
      },
    },
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
    { section: '5.6.5', name: 'cancelSession', tag: 'BF41', errors: { '8.10.1/3.9': 1, '8.1/6.1': 2 } },
    {
      transactionId: transactionIdField,
      cancelSessionResponse: base64Der(CancelSessionResponse, 'CancelSessionResponse', 'A1'),
    },
    {},
  ),
  handleNotification: es9Function(
    { section: '5.6.4', name: 'handleNotification', tag: 'BF3D', errors: {} },
    {
      pendingNotification: base64Der(PendingNotification, 'PendingNotification', 'A0'),
    },
    undefined,
  ),
} as const;

export type Es9Name = keyof typeof es9plus;
export type Es9Request<N extends Es9Name> = MessageOf<(typeof es9plus)[N]['request']>;
export type Es9Response<N extends Es9Name> = (typeof es9plus)[N]['response'] extends Message
  ? MessageOf<(typeof es9plus)[N]['response']>
  : undefined;
