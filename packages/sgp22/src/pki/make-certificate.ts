import { type Der, decodeWithBytes, encode, encodeWithBytes, type Type } from '@esim-rsp/codec';
import {
  AuthorityKeyIdentifier,
  BasicConstraints,
  Certificate,
  CertificatePolicies,
  CRLDistributionPoints,
  ExtendedKeyUsage,
  type Extension,
  GeneralNames,
  KeyIdentifier,
  KeyUsage,
  type Name,
  NameConstraints,
  PermittedEins,
  SubjectPublicKeyInfo,
  TBSCertificate,
} from '../asn1/pkix.ts';
import { sha1 } from '../crypto/digest.ts';
import type { LocalSigningKey, VerifyingKey } from '../crypto/ecdsa.ts';
import { buildName } from './name.ts';
import {
  algorithms,
  type ExtensionName,
  extensionIds,
  type KeyUsageName,
  keyUsages,
  type Role,
  roles,
} from './roles.ts';
import { writeTime } from './time.ts';

/** The content of a certificate before it is signed. Change one member to create a faulty certificate. */
export type CertificatePlan = {
  /** Content octets of a positive INTEGER in its shortest form. */
  readonly serialNumber: Uint8Array;
  readonly issuer: Der<Name>;
  readonly subject: Der<Name>;
  /** Unix milliseconds. */
  readonly notBefore: number;
  readonly notAfter: number;
  readonly publicKey: VerifyingKey;
  readonly extensions: readonly Extension[];
};

/** Creates a certificate signed with the issuer's key (RFC 5280 4.1). The content is not checked. */
export function makeCertificate(plan: CertificatePlan, issuerKey: LocalSigningKey): Der<Certificate> {
  const signatureAlgorithm = { algorithm: algorithms.ecdsaWithSha256 };
  const tbsCertificate = encodeWithBytes(TBSCertificate, {
    version: { number: 2 },
    serialNumber: plan.serialNumber,
    signature: signatureAlgorithm,
    issuer: plan.issuer,
    validity: { notBefore: writeTime(plan.notBefore), notAfter: writeTime(plan.notAfter) },
    subject: plan.subject,
    subjectPublicKeyInfo: decodeWithBytes(SubjectPublicKeyInfo, plan.publicKey.spki),
    extensions: { list: plan.extensions },
  });
  const signatureValue = issuerKey.signDer(tbsCertificate.bytes);
  return encodeWithBytes(Certificate, { tbsCertificate, signatureAlgorithm, signatureValue });
}

/** A copy of the plan with these extensions added; they replace extensions with the same OID. */
export function withExtensions(plan: CertificatePlan, ...extensions: Extension[]): CertificatePlan {
  const replaced = new Set(extensions.map(({ extnID }) => extnID));
  const kept = plan.extensions.filter(({ extnID }) => !replaced.has(extnID));
  return { ...plan, extensions: [...kept, ...extensions] };
}

export function withoutExtension(plan: CertificatePlan, name: ExtensionName): CertificatePlan {
  return { ...plan, extensions: plan.extensions.filter(({ extnID }) => extnID !== extensionIds[name]) };
}

/** SHA-1 of the public point (RFC 5280 4.2.1.2, method 1). */
export function keyIdentifier(key: VerifyingKey): Uint8Array {
  return sha1(key.point);
}

function extension<T>(name: ExtensionName, critical: boolean, type: Type<T>, value: T): Extension {
  return { extnID: extensionIds[name], critical, extnValue: encode(type, value) };
}

/** The extensions of RSP certificates (4.5.2), critical or not as in the certificates of SGP.26. */
export const extensions = {
  subjectKeyIdentifier: (key: VerifyingKey) =>
    extension('subjectKeyIdentifier', false, KeyIdentifier, keyIdentifier(key)),
  authorityKeyIdentifier: (keyId: Uint8Array) =>
    extension('authorityKeyIdentifier', false, AuthorityKeyIdentifier, { keyIdentifier: keyId }),
  basicConstraints: (pathLength?: number) =>
    extension('basicConstraints', true, BasicConstraints, {
      cA: true,
      ...(pathLength === undefined ? {} : { pathLenConstraint: pathLength }),
    }),
  keyUsage: (...usages: KeyUsageName[]) =>
    extension('keyUsage', true, KeyUsage, new Set(usages.map((usage) => keyUsages.indexOf(usage)))),
  extendedKeyUsage: (...ids: string[]) => extension('extendedKeyUsage', true, ExtendedKeyUsage, ids),
  role: (role: Role, critical = true) =>
    extension('certificatePolicies', critical, CertificatePolicies, [{ policyIdentifier: roles[role] }]),
  registeredId: (oid: string) => extension('subjectAltName', false, GeneralNames, [{ registeredID: oid }]),
  /** The names and addresses of a TLS server, and the OID of its SM-DP+. */
  serverNames: (dnsNames: readonly string[], ipAddresses: readonly Uint8Array[], oid: string) =>
    extension('subjectAltName', false, GeneralNames, [
      ...dnsNames.map((dNSName) => ({ dNSName })),
      ...ipAddresses.map((iPAddress) => ({ iPAddress })),
      { registeredID: oid },
    ]),
  crl: (uris: readonly string[]) =>
    extension(
      'cRLDistributionPoints',
      false,
      CRLDistributionPoints,
      uris.map((uniformResourceIdentifier) => ({ distributionPoint: [{ uniformResourceIdentifier }] })),
    ),
  /** One permitted directory name per range: the EUM's organization, and the EIN prefix as serialNumber. */
  eidRanges: (organization: string, prefixes: readonly string[]) =>
    extension('nameConstraints', true, NameConstraints, {
      permittedSubtrees: prefixes.map((prefix) => ({
        base: { directoryName: buildName({ organization, serialNumber: prefix }) },
      })),
    }),
  permittedEins: (prefixes: readonly string[]) => extension('permittedEins', true, PermittedEins, prefixes),
} as const;
