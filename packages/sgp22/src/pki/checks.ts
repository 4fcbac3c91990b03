import type { VerifyingKey } from '../crypto/ecdsa.ts';
import type { CertificateView } from './certificate.ts';
import { algorithms, type KeyUsageName, type Role, roles } from './roles.ts';

/** The result of a check of a certificate: what is wrong, or undefined if the check passes. */
export type Fault = string | undefined;

/** The signature on a certificate (RFC 5280 6.1.3 a 1): ECDSA with SHA-256, on the issuer's curve. */
export function signatureFault(certificate: CertificateView, issuerKey: VerifyingKey): Fault {
  const { tbsCertificate, signatureAlgorithm, signatureValue } = certificate.value;
  for (const { algorithm } of [signatureAlgorithm, tbsCertificate.value.signature])
    if (algorithm !== algorithms.ecdsaWithSha256)
      return `signature algorithm ${algorithm} is not ECDSA with SHA-256`;
  if (certificate.curve !== issuerKey.curve)
    return `its key is on ${certificate.curve ?? 'an unsupported curve'}, its issuer's on ${issuerKey.curve}`;
  return issuerKey.verifyDer(signatureValue, tbsCertificate.bytes)
    ? undefined
    : 'its signature does not verify with the key of its issuer';
}

/** The validity period, to the second (RFC 5280 4.1.2.5); `now`: Unix milliseconds. */
export function validityFault(
  { notBefore, notAfter }: Pick<CertificateView, 'notBefore' | 'notAfter'>,
  now: number,
): Fault {
  if (now < notBefore) return `it is not valid before ${dateText(notBefore)}`;
  return now < notAfter + 1000 ? undefined : `it expired on ${dateText(notAfter)}`;
}

export function dateText(epochMilliseconds: number): string {
  return new Date(epochMilliseconds).toISOString().replace('.000Z', 'Z');
}

/** The most octets of a serial number (RFC 5280 4.1.2.2). */
const MAX_SERIAL_OCTETS = 20;

/** A serial number that RFC 5280 4.1.2.2 forbids: negative, zero, or longer than 20 octets. Published certificates have some. */
export function serialNumberFault({ serialNumber }: CertificateView): Fault {
  const octets = serialNumber.length / 2;
  if (octets > MAX_SERIAL_OCTETS)
    return `its serial number has ${octets} octets: at most ${MAX_SERIAL_OCTETS} are allowed`;
  if (/^(?:00)*$/.test(serialNumber)) return 'its serial number is zero';
  return /^[89a-f]/.test(serialNumber) ? 'its serial number is negative' : undefined;
}

/** What the extensions of a certificate must contain (4.5.2). */
export type Requirements = {
  readonly role: Role;
  readonly keyUsage: KeyUsageName;
  readonly ca: boolean;
};

export function extensionFault(certificate: CertificateView, required: Requirements): Fault {
  const { unknownCritical, isCa, keyUsage } = certificate;
  if (unknownCritical.length > 0) return `critical extension ${unknownCritical[0]} is not supported`;
  if (isCa !== required.ca) return isCa ? 'it is a CA certificate' : 'it is not a CA certificate';
  if (!keyUsage.includes(required.keyUsage)) return `its key usage is not ${required.keyUsage}`;
  return roleFault(certificate, required.role);
}

/** The role of a certificate is its certificate policy. */
export function roleFault({ policies }: CertificateView, role: Role): Fault {
  if (policies.includes(roles[role])) return undefined;
  return `its role is ${rolesText(policies)}, not ${role}`;
}

function rolesText(policies: readonly string[]): string {
  const named = policies.map((id) => Object.entries(roles).find(([, known]) => known === id)?.[0] ?? id);
  return named.join(', ') || 'not stated';
}
