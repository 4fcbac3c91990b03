import {
  type Der,
  decode,
  decodeWithBytes,
  encode,
  encodeWithBytes,
  fromBase64,
  toBase64,
} from '@esim-rsp/codec';
import {
  CertificationRequest,
  CertificationRequestInfo,
  type Extension,
  ExtensionRequest,
  type Name,
  SubjectPublicKeyInfo,
} from '../asn1/pkix.ts';
import { derOfSignature, importVerifyingKey, type KeyPair, type VerifyingKey } from '../crypto/ecdsa.ts';
import { ValueError } from '../value/value-error.ts';
import { type ExtensionValues, readExtensions } from './extensions.ts';
import { extensions } from './make-certificate.ts';
import { encodeName, type NameParts } from './name.ts';
import { algorithms, roles } from './roles.ts';

/** extensionRequest (RFC 2985 5.4.2). */
const EXTENSION_REQUEST = '1.2.840.113549.1.9.14';

/** The roles for which a server needs a certificate of a CI. */
export const requestRoles = ['dp-auth', 'dp-pb', 'dp-tls'] as const;
export type RequestRole = (typeof requestRoles)[number];

export type RequestOptions = {
  readonly role: RequestRole;
  readonly subject: NameParts;
  /** The OID of the SM-DP+, the same in all of its certificates (4.5.2.1.0). */
  readonly oid: string;
  /** For dp-tls: its host names, the first one is the common name too. */
  readonly dnsNames?: readonly string[];
};

/** Creates a request (PKCS#10) for a certificate of the SM-DP+ (4.5.2.1.0.4 to 4.5.2.1.0.7), signed with its key. */
export async function makeRequest(options: RequestOptions, key: KeyPair): Promise<Der<CertificationRequest>> {
  const values = encode(ExtensionRequest, [extensionsOf(options)]);
  const certificationRequestInfo = encodeWithBytes(CertificationRequestInfo, {
    version: 0,
    subject: encodeName(options.subject),
    subjectPKInfo: decodeWithBytes(SubjectPublicKeyInfo, key.verifyingKey.spki),
    attributes: [{ type: EXTENSION_REQUEST, values }],
  });
  return encodeWithBytes(CertificationRequest, {
    certificationRequestInfo,
    signatureAlgorithm: { algorithm: algorithms.ecdsaWithSha256 },
    signature: derOfSignature(await key.sign(certificationRequestInfo.bytes)),
  });
}

function extensionsOf({ role, oid, dnsNames = [] }: RequestOptions): Extension[] {
  return [
    extensions.keyUsage('digitalSignature'),
    extensions.role(role, role !== 'dp-tls'),
    role === 'dp-tls' ? extensions.serverNames(dnsNames, [], oid) : extensions.registeredId(oid),
  ];
}

/** A request whose signature is right. */
export type RequestView = ExtensionValues & {
  readonly subject: Der<Name>;
  readonly publicKey: VerifyingKey;
  readonly role: RequestRole;
};

/** Reads a request in DER or PEM. Throws a DerError if it cannot be read, and a ValueError if it is not one for an SM-DP+. */
export function readRequest(file: Uint8Array): RequestView {
  const { certificationRequestInfo: info, signature } = decode(CertificationRequest, derOf(file));
  const { subject, subjectPKInfo, attributes = [] } = info.value;
  const publicKey = keyOf(subjectPKInfo.bytes);
  if (!publicKey.verifyDer(signature, info.bytes))
    throw new ValueError('the signature of the request is wrong: it was changed, or another key signed it');
  const requested = attributes.find(({ type }) => type === EXTENSION_REQUEST);
  const [list = []] = requested === undefined ? [] : decode(ExtensionRequest, requested.values);
  const values = readExtensions(list);
  const role = requestRoles.find((each) => values.policies.includes(roles[each]));
  if (role === undefined)
    throw new ValueError(
      `the request is not for ${requestRoles.join(', ')}: its certificate policy is missing`,
    );
  if (values.registeredIds.length !== 1)
    throw new ValueError(
      'the request does not name the one OID of the SM-DP+ (subjectAltName, registeredID)',
    );
  if (role === 'dp-tls' && values.dnsNames.length === 0)
    throw new ValueError('the request has no host name (subjectAltName, dNSName)');
  return { ...values, subject, publicKey, role };
}

function keyOf(spki: Uint8Array): VerifyingKey {
  try {
    return importVerifyingKey(spki);
  } catch (error) {
    if (error instanceof RangeError) throw new ValueError(error.message);
    throw error;
  }
}

function derOf(file: Uint8Array): Uint8Array {
  if (file[0] === 0x30) return file;
  const text = new TextDecoder().decode(file);
  const [, body] = /-----BEGIN (?:NEW )?CERTIFICATE REQUEST-----([A-Za-z0-9+/=\s]+)-----END/.exec(text) ?? [];
  if (body === undefined) throw new ValueError('it is no certificate request in DER or PEM');
  return fromBase64(body);
}

/** The same request in PEM. */
export function requestPem({ bytes }: Der<CertificationRequest>): string {
  const lines = toBase64(bytes).match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE REQUEST-----', ...lines, '-----END CERTIFICATE REQUEST-----', ''].join(
    '\n',
  );
}
