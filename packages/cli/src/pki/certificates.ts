import { equal, toHex } from '@esim-rsp/codec';
import { daysLeft } from '@esim-rsp/server/keys/own-certificates';
import type { Curve } from '@esim-rsp/sgp22/crypto/ecdsa';
import type { CertificateView } from '@esim-rsp/sgp22/pki/certificate';
import { dateText, roleFault, serialNumberFault, validityFault } from '@esim-rsp/sgp22/pki/checks';
import {
  type FoundKey,
  type FoundReference,
  type FoundSealed,
  filesOfRole,
  type PkiFiles,
} from '@esim-rsp/sgp22/pki/files';
import { type AttributeName, attributeIds, type Role, roles } from '@esim-rsp/sgp22/pki/roles';

/** A certificate of a PKI folder for `esim pki show`. */
export type CertificateSummary = {
  readonly role: Role;
  readonly file: string;
  readonly subject: string;
  readonly curve: Curve | null;
  readonly valid_from: string;
  readonly valid_until: string;
  /** Whole days until then; negative after that. */
  readonly days_left: number;
  /** The subjectKeyIdentifier. */
  readonly key_id: string | null;
  readonly oids: readonly string[];
  /** The host names in the certificate. */
  readonly names: readonly string[];
  /** Whether its private key is in the folder. */
  readonly has_key: boolean;
  /** Whether it is sealed there. */
  readonly key_sealed: boolean;
  /** Files that refer to keys of this role in tokens. Only `esim pki check` opens the tokens. */
  readonly token_keys: readonly string[];
  readonly faults: readonly string[];
};

/** Every certificate, role by role; throws a PkiError for a file that cannot be read. */
export function summarizeCertificates(files: PkiFiles, now: number): CertificateSummary[] {
  return (Object.keys(roles) as Role[]).flatMap((role) => {
    const { certificates, ...found } = filesOfRole(files, role);
    return certificates.map(({ path, certificate }) => summarize({ role, path, certificate, ...found, now }));
  });
}

type Found = {
  readonly role: Role;
  readonly path: string;
  readonly certificate: CertificateView;
  readonly keys: readonly FoundKey[];
  readonly references: readonly FoundReference[];
  readonly sealed: readonly FoundSealed[];
  readonly now: number;
};

function summarize({ role, path, certificate, keys, references, sealed, now }: Found): CertificateSummary {
  const { subject, curve, notBefore, notAfter, subjectKeyIdentifier: keyId } = certificate;
  const isKeySealed = isSealed(certificate, sealed);
  const faults = [
    validityFault(certificate, now),
    roleFault(certificate, role),
    serialNumberFault(certificate),
  ];
  return {
    role,
    file: path,
    subject: subject.attributes.map(({ type, text }) => `${shortNames[type] ?? type}=${text}`).join(', '),
    curve: curve ?? null,
    valid_from: dateText(notBefore),
    valid_until: dateText(notAfter),
    days_left: daysLeft(certificate, now),
    key_id: keyId === undefined ? null : toHex(keyId),
    oids: certificate.registeredIds,
    names: [...certificate.dnsNames, ...certificate.ipAddresses.map(addressText)],
    has_key: isKeySealed || hasKey(certificate, keys),
    key_sealed: isKeySealed,
    token_keys: references.map((each) => each.path),
    faults: faults.filter((fault) => fault !== undefined),
  };
}

const shortOf: Readonly<Record<AttributeName, string>> = {
  commonName: 'CN',
  serialNumber: 'serialNumber',
  country: 'C',
  organization: 'O',
  organizationalUnit: 'OU',
};
const shortNames: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(shortOf).map(([name, short]) => [attributeIds[name as AttributeName], short]),
);

function addressText(octets: Uint8Array): string {
  if (octets.length === 4) return octets.join('.');
  const groups = (toHex(octets).match(/.{1,4}/g) ?? []).join(':');
  return URL.parse(`http://[${groups}]`)?.hostname.slice(1, -1) ?? groups;
}

function hasKey(certificate: CertificateView, keys: readonly FoundKey[]): boolean {
  const own = publicKeyOf(certificate);
  return own !== undefined && keys.some(({ key }) => equal(key.verifyingKey.point, own.point));
}

function isSealed(certificate: CertificateView, sealed: readonly FoundSealed[]): boolean {
  const own = publicKeyOf(certificate);
  return own !== undefined && sealed.some(({ spki }) => equal(spki, own.spki));
}

/** The public key; undefined for one that is on neither curve. */
function publicKeyOf(certificate: CertificateView): ReturnType<CertificateView['publicKey']> | undefined {
  try {
    return certificate.publicKey();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
