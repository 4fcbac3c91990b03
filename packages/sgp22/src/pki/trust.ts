import { type Der, equal } from '@esim-rsp/codec';
import type { Certificate } from '../asn1/pkix.ts';
import type { VerifyingKey } from '../crypto/ecdsa.ts';
import { ValueError } from '../value/value-error.ts';
import { type CertificateView, readCertificate } from './certificate.ts';
import { extensionFault, type Fault, signatureFault } from './checks.ts';

/**
 * A trusted CI (4.5.1). The key is trusted, by its identifier: one key may have several certificates, and certificates
 * issued under it may spell the name of the CI differently.
 */
export type TrustedCi = {
  /** Subject key identifier of the CI: the euiccCiPKId of the messages. */
  readonly keyId: Uint8Array;
  readonly publicKey: VerifyingKey;
  readonly certificate: CertificateView;
  /** Serial numbers, in lower-case hexadecimal, that the CRL of this CI lists. */
  readonly revoked?: ReadonlySet<string>;
};

/** Trusts the key of a self-signed CI certificate; throws a ValueError if it is not one. */
export function trustCi(source: Der<Certificate> | Uint8Array): TrustedCi {
  const certificate = readCertificate(source);
  const { subjectKeyIdentifier: keyId, authorityKeyIdentifier: issuer } = certificate;
  if (keyId === undefined)
    throw new ValueError('a CI certificate names its key: subjectKeyIdentifier is missing');
  if (issuer !== undefined && !equal(issuer, keyId))
    throw new ValueError('a CI certificate is self-signed: this one names another issuer');
  const publicKey = keyOf(certificate);
  const fault =
    signatureFault(certificate, publicKey) ??
    extensionFault(certificate, { role: 'ci', keyUsage: 'keyCertSign', ca: true });
  if (fault !== undefined) throw new ValueError(`the CI certificate cannot be trusted: ${fault}`);
  return { keyId, publicKey, certificate };
}

function keyOf(certificate: CertificateView): VerifyingKey {
  try {
    return certificate.publicKey();
  } catch (cause) {
    throw new ValueError('the key of the CI certificate is not on P-256 or brainpoolP256r1', { cause });
  }
}

/** The CI with this key identifier. */
export function findCi(trust: readonly TrustedCi[], keyId: Uint8Array): TrustedCi | undefined {
  return trust.find((ci) => equal(ci.keyId, keyId));
}

export function revocationFault(certificate: CertificateView, ci: TrustedCi): Fault {
  return ci.revoked?.has(certificate.serialNumber) ? 'its issuer revoked it' : undefined;
}
