import type { VerifyingKey } from '../crypto/ecdsa.ts';
import type { Random } from '../crypto/random.ts';
import type { Eid } from '../value/eid.ts';
import { ValueError } from '../value/value-error.ts';
import type { CertificateView } from './certificate.ts';
import { hostOf, ipOctets } from './host.ts';
import { type CertificatePlan, extensions } from './make-certificate.ts';
import { encodeName, type NameParts } from './name.ts';
import { extendedKeyUsages } from './roles.ts';

/** The input for every certificate, whatever its role. */
export type Issuance = {
  readonly publicKey: VerifyingKey;
  /** Unix milliseconds. */
  readonly notBefore: number;
  /** For the serial number. */
  readonly random: Random;
};
export type Issued = Issuance & { readonly issuer: CertificateView };

const DAY = 86_400_000;
const YEAR = 365 * DAY;

/** "No expiry" (RFC 5280 4.1.2.5). */
const NEVER = Date.UTC(9999, 11, 31, 23, 59, 59);

/** A positive number of sixteen octets. */
function generateSerialNumber(random: Random): Uint8Array {
  const octets = Uint8Array.from(random(16));
  octets[0] = ((octets[0] ?? 0) & 0x3f) | 0x40;
  return octets;
}

type Body = Pick<CertificatePlan, 'notAfter' | 'extensions'> & { readonly subject: NameParts };

function plan(
  { publicKey, notBefore, random }: Issuance,
  body: Body,
  issuer?: CertificateView,
): CertificatePlan {
  const subject = encodeName(body.subject);
  return {
    serialNumber: generateSerialNumber(random),
    issuer: issuer?.value.tbsCertificate.value.subject ?? subject,
    subject,
    notBefore,
    notAfter: body.notAfter,
    publicKey,
    extensions: body.extensions,
  };
}

function keyIds(publicKey: VerifyingKey, issuer: CertificateView) {
  if (issuer.subjectKeyIdentifier === undefined) throw new ValueError('an issuer has a subjectKeyIdentifier');
  return [
    extensions.authorityKeyIdentifier(issuer.subjectKeyIdentifier),
    extensions.subjectKeyIdentifier(publicKey),
  ];
}

function crlOf(crlUris: readonly string[]) {
  return crlUris.length === 0 ? [] : [extensions.crl(crlUris)];
}

export type CiOptions = { readonly name: string; readonly oid: string; readonly crlUris: readonly string[] };

/** CERT.CI (4.5.2.1.0.1): self-signed, for 35 years. */
export function ciPlan(issuance: Issuance, { name, oid, crlUris }: CiOptions): CertificatePlan {
  return plan(issuance, {
    subject: { commonName: name, organizationalUnit: 'TESTCERT', organization: 'RSPTEST', country: 'XX' },
    notAfter: issuance.notBefore + 35 * YEAR,
    extensions: [
      extensions.subjectKeyIdentifier(issuance.publicKey),
      extensions.basicConstraints(),
      extensions.role('ci'),
      extensions.keyUsage('keyCertSign', 'cRLSign'),
      extensions.registeredId(oid),
      ...crlOf(crlUris),
    ],
  });
}

export type EumOptions = {
  readonly organization: string;
  readonly oid: string;
  /** The EIDs that it may issue start with one of these. */
  readonly eidPrefixes: readonly string[];
};

/** CERT.EUM (4.5.2.1.0.2): under the CI, for 34 years, constrained to its name and its EIDs. */
export function eumPlan({ issuer, ...issuance }: Issued, { organization, oid, eidPrefixes }: EumOptions) {
  const body = {
    subject: { country: 'XX', organization, commonName: `${organization} CA` },
    notAfter: issuance.notBefore + 34 * YEAR,
    extensions: [
      ...keyIds(issuance.publicKey, issuer),
      extensions.keyUsage('keyCertSign'),
      extensions.role('eum'),
      extensions.registeredId(oid),
      extensions.basicConstraints(0),
      ...crlOf(issuer.crlUris.slice(-1)),
      extensions.eidRanges(organization, eidPrefixes),
    ],
  };
  return plan(issuance, body, issuer);
}

/** CERT.EUICC (4.5.2.1.0.3): under the EUM, without expiry. */
export function euiccPlan({ issuer, ...issuance }: Issued, eid: Eid): CertificatePlan {
  const { organization } = issuer.subject;
  if (organization === undefined) throw new ValueError('an EUM certificate names the organization');
  const body = {
    subject: { country: 'XX', organization, serialNumber: eid, commonName: `eUICC ${eid}` },
    notAfter: NEVER,
    extensions: [
      ...keyIds(issuance.publicKey, issuer),
      extensions.keyUsage('digitalSignature'),
      extensions.role('euicc'),
    ],
  };
  return plan(issuance, body, issuer);
}

export type ServerOptions = {
  readonly organization: string;
  /** registeredID: the identity of the SM-DP+, the same in all three of its certificates. */
  readonly oid: string;
};
type SigningRole = 'dp-auth' | 'dp-pb' | 'ds-auth';

/** CERT.DPauth, CERT.DPpb, CERT.DSauth (4.5.2.1.0.4 and following): under the CI, for ten years. */
export function signingPlan({ issuer, ...issuance }: Issued, role: SigningRole, server: ServerOptions) {
  const body = {
    subject: { organization: server.organization, commonName: `${server.organization} ${role}` },
    notAfter: issuance.notBefore + 10 * YEAR,
    extensions: [
      ...keyIds(issuance.publicKey, issuer),
      extensions.registeredId(server.oid),
      extensions.keyUsage('digitalSignature'),
      extensions.role(role),
      ...crlOf(issuer.crlUris),
    ],
  };
  return plan(issuance, body, issuer);
}

export type TlsOptions = ServerOptions & {
  /** Names or IPv4 addresses; the first one is the common name. `localhost` includes 127.0.0.1 and ::1. */
  readonly hosts: readonly [string, ...string[]];
};

/** CERT.DPtls (4.5.2.1.0.7): under the CI, for 825 days, the longest validity that TLS clients accept from a private CI. */
export function tlsPlan({ issuer, ...issuance }: Issued, { hosts, organization, oid }: TlsOptions) {
  const wanted = hosts.map(hostOf);
  const reached = new Set(wanted.includes('localhost') ? [...wanted, '127.0.0.1', '::1'] : wanted);
  const names = [...reached].filter((host) => ipOctets(host) === undefined);
  const addresses = [...reached].flatMap((host) => ipOctets(host) ?? []);
  const body = {
    subject: { organization, commonName: hostOf(hosts[0]) },
    notAfter: issuance.notBefore + 825 * DAY,
    extensions: [
      extensions.keyUsage('digitalSignature'),
      extensions.extendedKeyUsage(extendedKeyUsages.serverAuth, extendedKeyUsages.clientAuth),
      extensions.role('dp-tls', false),
      ...keyIds(issuance.publicKey, issuer),
      extensions.serverNames(names, addresses, oid),
      ...crlOf(issuer.crlUris),
    ],
  };
  return plan(issuance, body, issuer);
}

/** The TLS client certificate of an operator for ES2+: self-signed or issued by a CA of the operator, for 825 days. */
export function clientPlan(
  issuance: Issuance,
  commonName: string,
  issuer?: CertificateView,
): CertificatePlan {
  const { publicKey } = issuance;
  const body = {
    subject: { commonName },
    notAfter: issuance.notBefore + 825 * DAY,
    extensions: [
      extensions.keyUsage('digitalSignature'),
      extensions.extendedKeyUsage(extendedKeyUsages.clientAuth),
      ...(issuer === undefined ? [extensions.subjectKeyIdentifier(publicKey)] : keyIds(publicKey, issuer)),
    ],
  };
  return plan(issuance, body, issuer);
}
