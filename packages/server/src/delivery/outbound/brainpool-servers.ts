import type { X509Certificate } from 'node:crypto';
import { type DetailedPeerCertificate, type PeerCertificate, TLSSocket } from 'node:tls';

/** Curves that have a name of NIST. */
const NAMED: ReadonlySet<string> = new Set([
  'prime192v1',
  'secp224r1',
  'prime256v1',
  'secp384r1',
  'secp521r1',
]);

const { getPeerCertificate } = TLSSocket.prototype;

/**
 * Lets this process call TLS servers whose certificate has a key on Brainpool, or on another curve without a name of NIST. Node ends with a
 * segmentation fault when `getPeerCertificate` describes such a certificate or its issuer, and calls it itself for each server that it trusts.
 */
export function allowBrainpoolServers(): void {
  TLSSocket.prototype.getPeerCertificate = describePeer;
}

/** Without its issuers: only the names are used. */
function describePeer(this: TLSSocket): DetailedPeerCertificate {
  const certificate = this.getPeerX509Certificate();
  const isSafe = certificate === undefined || isDescribed(certificate);
  return (
    isSafe ? getPeerCertificate.call(this, false) : description(certificate)
  ) as DetailedPeerCertificate;
}

function isDescribed({ publicKey }: X509Certificate): boolean {
  const { asymmetricKeyType, asymmetricKeyDetails } = publicKey;
  return asymmetricKeyType !== 'ec' || NAMED.has(asymmetricKeyDetails?.namedCurve ?? '');
}

/** What Node compares with the name of the server. */
function description({ subject, subjectAltName, raw, validFrom, validTo }: X509Certificate): PeerCertificate {
  const names = Object.fromEntries(
    subject.split('\n').map((part) => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)]),
  );
  return {
    subject: names,
    ...(subjectAltName !== undefined && { subjectaltname: subjectAltName }),
    raw,
    valid_from: validFrom,
    valid_to: validTo,
  } as unknown as PeerCertificate;
}
