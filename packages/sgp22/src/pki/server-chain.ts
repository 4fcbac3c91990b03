import { type Der, DerError } from '@esim-rsp/codec';
import type { Certificate } from '../asn1/pkix.ts';
import type { VerifyingKey } from '../crypto/ecdsa.ts';
import { type CertificateView, readCertificate } from './certificate.ts';
import { extensionFault, roleFault, signatureFault, validityFault } from './checks.ts';
import { namesHost } from './host.ts';
import { extendedKeyUsages, type Role } from './roles.ts';
import { findCi, revocationFault, type TrustedCi } from './trust.ts';

/** Why a server certificate is not accepted, by the names of the error codes of ES10b (5.7.5, 5.7.13). */
export type ServerFault = 'ciPKUnknown' | 'unsupportedCurve' | 'invalidCertificate' | 'invalidOid';

/** A server whose certificate was verified. `oid` is its registeredID, the identity of the SM-DP+ or SM-DS. */
export type VerifiedServer = {
  readonly ok: true;
  readonly oid: string;
  readonly publicKey: VerifyingKey;
  readonly certificate: CertificateView;
  readonly ci: TrustedCi;
};

export type Unverified = { readonly ok: false; readonly reason: ServerFault; readonly detail: string };

export type ServerChain = {
  readonly certificate: Der<Certificate> | Uint8Array;
  readonly role: Role;
  /** The CIs of euiccCiPKIdListForVerification. */
  readonly trust: readonly TrustedCi[];
  /** Unix milliseconds. Absent: validity is not checked; an eUICC has no clock. */
  readonly now?: number;
};

/** Verifies a server certificate as an eUICC does, CERT.DPauth, CERT.DSauth and CERT.DPpb (5.7.5, 5.7.13): chain, curve, role, identity. */
export function verifyServerChain({
  certificate: source,
  role,
  trust,
  now,
}: ServerChain): VerifiedServer | Unverified {
  const read = readServer(source);
  if (typeof read === 'string') return reject('invalidCertificate', read);
  const { certificate } = read;

  const issuer = certificate.authorityKeyIdentifier;
  const ci = issuer && findCi(trust, issuer);
  if (issuer === undefined) return reject('invalidCertificate', 'it names no issuer');
  if (ci === undefined) return reject('ciPKUnknown', 'no trusted CI has the key that it names as its issuer');
  const publicKey = keyOf(certificate);
  if (publicKey === undefined)
    return reject('unsupportedCurve', 'its key is not on P-256 or brainpoolP256r1');

  const invalid =
    signatureFault(certificate, ci.publicKey) ??
    (now === undefined ? undefined : validityFault(certificate, now)) ??
    revocationFault(certificate, ci);
  if (invalid !== undefined) return reject('invalidCertificate', invalid);
  const misplaced = roleFault(certificate, role);
  if (misplaced !== undefined) return reject('invalidOid', misplaced);
  const extensions = extensionFault(certificate, { role, keyUsage: 'digitalSignature', ca: false });
  if (extensions !== undefined) return reject('invalidCertificate', extensions);
  const [oid, ...more] = certificate.registeredIds;
  if (oid === undefined || more.length > 0) return reject('invalidOid', 'it does not have one registeredID');
  return { ok: true, oid, publicKey, certificate, ci };
}

export type TlsChain = {
  readonly certificate: Der<Certificate> | Uint8Array;
  readonly trust: readonly TrustedCi[];
  /** Unix milliseconds. */
  readonly now: number;
  /** The host that the LPA connects to; a port is ignored. */
  readonly host: string;
  /** The OID of the activation code, if it has one. */
  readonly oid?: string;
  /** `ds-tls` when the host is an SM-DS. */
  readonly role?: 'dp-tls' | 'ds-tls';
};

/**
 * Verifies the TLS certificate of a server as an LPA does after the handshake (2.6.6, 3.1.2): chain to a CI, validity, role,
 * host name, and the OID of the activation code.
 */
export function verifyTlsChain({
  host,
  oid,
  role = 'dp-tls',
  ...chain
}: TlsChain): VerifiedServer | Unverified {
  const verified = verifyServerChain({ ...chain, role });
  if (!verified.ok) return verified;
  const { certificate } = verified;
  if (!certificate.extendedKeyUsage.includes(extendedKeyUsages.serverAuth))
    return reject('invalidCertificate', 'its extended key usage is not serverAuth');
  if (!namesHost(certificate, host))
    return reject('invalidCertificate', `it is for ${hostsOf(certificate)}, not for ${host}`);
  if (oid !== undefined && oid !== verified.oid)
    return reject(
      'invalidOid',
      `it belongs to SM-DP+ ${verified.oid}, but the activation code requires ${oid}`,
    );
  return verified;
}

function hostsOf({ dnsNames }: CertificateView): string {
  return dnsNames.join(', ') || 'no host name';
}

function reject(reason: ServerFault, detail: string): Unverified {
  return { ok: false, reason, detail };
}

/** The certificate, or the reason why it cannot be read. */
function readServer(source: Der<Certificate> | Uint8Array): { certificate: CertificateView } | string {
  try {
    return { certificate: readCertificate(source) };
  } catch (error) {
    if (error instanceof DerError) return error.message;
    throw error;
  }
}

function keyOf(certificate: CertificateView): VerifyingKey | undefined {
  try {
    return certificate.publicKey();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
