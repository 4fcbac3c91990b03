import { equal } from '@esim-rsp/codec';
import { importSigningKey, type LocalSigningKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { type TrustedCi, trustCi } from '@esim-rsp/sgp22/pki/trust';
import type { Card, CardCredential } from './card.ts';

/** The credential under this CI. */
export function credentialFor({ credentials }: Card, ciPKId: Uint8Array): CardCredential | undefined {
  return credentials.find((credential) => equal(credential.ciPKId, ciPKId));
}

export function signingKey({ privateKey }: CardCredential): LocalSigningKey {
  return importSigningKey(privateKey);
}

/** The CIs of euiccCiPKIdListForVerification. */
export function trustOf({ ciCertificates }: Card): TrustedCi[] {
  return ciCertificates.map((certificate) => trustCi(certificate));
}
