import type { X509Certificate } from 'node:crypto';
import { DerError, decode } from '@esim-rsp/codec';
import { BasicConstraints, Certificate, KeyUsage } from '@esim-rsp/sgp22/asn1/pkix';
import {
  algorithms,
  extendedKeyUsages,
  extensionIds,
  type KeyUsageName,
  keyUsages,
} from '@esim-rsp/sgp22/pki/roles';

/** Certificate chains of TLS clients (RFC 5280 6.1), with any type of key: operators have their own CAs. */

export function isValid({ validFromDate, validToDate }: X509Certificate, now: number): boolean {
  return validFromDate.getTime() <= now && now <= validToDate.getTime();
}

/**
 * Whether a TLS client may use the certificate (SGP.22 4.5.2.1, RFC 5280 4.2.1): key usage digitalSignature; extended key usage clientAuth if
 * there is one; a key on an elliptic curve is an uncompressed point.
 */
export function isForClients(certificate: X509Certificate): boolean {
  return mayBeForClients(certificate) && hasKeyUsage(certificate, 'digitalSignature') === true;
}

/**
 * Whether others may accept the certificate of a TLS client: as above, but those who issued it may have left out its key usage, which restricts
 * nothing then (RFC 5280 4.2.1.3).
 */
export function mayBeForClients(certificate: X509Certificate): boolean {
  return (
    (certificate.keyUsage?.includes(extendedKeyUsages.clientAuth) ?? true) &&
    (hasKeyUsage(certificate, 'digitalSignature') ?? true) &&
    hasUsablePoint(certificate)
  );
}

/** undefined: the certificate has no key usage. */
function hasKeyUsage(certificate: X509Certificate, usage: KeyUsageName): boolean | undefined {
  const found = extensionsOf(certificate)?.find(({ extnID }) => extnID === extensionIds.keyUsage);
  return found && (readBits(found.extnValue)?.has(keyUsages.indexOf(usage)) ?? false);
}

function readBits(value: Uint8Array): ReadonlySet<number> | undefined {
  return unlessMalformed(() => decode(KeyUsage, value));
}

/** A key on an elliptic curve must be an uncompressed point (04, x, y). */
function hasUsablePoint(certificate: X509Certificate): boolean {
  const key = readTbs(certificate)?.subjectPublicKeyInfo.value;
  return (
    key !== undefined &&
    (key.algorithm.algorithm !== algorithms.ecPublicKey || key.subjectPublicKey[0] === 0x04)
  );
}

const MAX_CHAIN = 4;

/** Whether a client certificate, with the chain that was sent, was issued under this CA. */
export function isIssuedUnder(leaf: X509Certificate, ca: X509Certificate, now: number): boolean {
  // The CA may also issue other certificates, such as those of eUICCs: they are not for TLS clients.
  if (leaf.ca || !(leaf.keyUsage ?? []).includes(extendedKeyUsages.clientAuth)) return false;
  let certificate = leaf;
  for (let below = 0; below < MAX_CHAIN; below++) {
    if (!isValid(certificate, now) || !supportsCriticalExtensions(certificate)) return false;
    if (isIssuer(ca, certificate, below)) return isValid(ca, now);
    const issuer = certificate.issuerCertificate;
    if (issuer === undefined || !isIssuer(issuer, certificate, below)) return false;
    certificate = issuer;
  }
  return false;
}

/** `below`: number of CAs between the issuer and the client. */
function isIssuer(issuer: X509Certificate, certificate: X509Certificate, below: number): boolean {
  return (
    issuer.ca &&
    hasUsablePoint(issuer) &&
    (issuer.keyUsage?.includes(extendedKeyUsages.clientAuth) ?? true) &&
    certificate.checkIssued(issuer) &&
    certificate.verify(issuer.publicKey) &&
    below <= maxCasBelow(issuer)
  );
}

function maxCasBelow(issuer: X509Certificate): number {
  const constraints = extensionsOf(issuer)?.find(({ extnID }) => extnID === extensionIds.basicConstraints);
  if (constraints === undefined) return -1;
  return decode(BasicConstraints, constraints.extnValue).pathLenConstraint ?? Number.POSITIVE_INFINITY;
}

/** Critical extensions that this code checks or may ignore. Name constraints are not among them. */
const supportedExtensions: readonly string[] = [
  extensionIds.basicConstraints,
  extensionIds.keyUsage,
  extensionIds.extendedKeyUsage,
  extensionIds.certificatePolicies,
  extensionIds.subjectAltName,
];

function supportsCriticalExtensions(certificate: X509Certificate): boolean {
  const extensions = extensionsOf(certificate);
  return (
    extensions?.every(({ extnID, critical }) => !critical || supportedExtensions.includes(extnID)) ?? false
  );
}

/** undefined: the certificate is not strict DER. */
function extensionsOf(certificate: X509Certificate) {
  const tbs = readTbs(certificate);
  return tbs && (tbs.extensions?.list ?? []);
}

function readTbs({ raw }: X509Certificate) {
  return unlessMalformed(() => decode(Certificate, raw).tbsCertificate.value);
}

function unlessMalformed<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof DerError) return undefined;
    throw error;
  }
}
