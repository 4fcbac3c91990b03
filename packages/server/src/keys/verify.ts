import { equal } from '@esim-rsp/codec';
import { sha256 } from '@esim-rsp/sgp22/crypto/digest';
import { importVerifyingKey, type VerifyingKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { validityFault } from '@esim-rsp/sgp22/pki/checks';
import { createChainVerifier, type VerifiedEuicc } from '@esim-rsp/sgp22/pki/euicc-chain';
import type { TrustedCi } from '@esim-rsp/sgp22/pki/trust';
import type { VerifyEuicc } from '@esim-rsp/smdp/env';
import { type Recent, recent } from '../limits/recent.ts';

/** eUICCs that are under way at the same time: a download and its notifications come from the same few. */
const REMEMBERED = 4096;

/** Public keys by their SubjectPublicKeyInfo: reading one costs as much as a signature check with it. */
export type KnownKeys = Recent<VerifyingKey>;

export function knownKeys(): KnownKeys {
  return recent(REMEMBERED);
}

/**
 * Verifies eUICCs under the given CIs and remembers, by the digest of their certificates, those that it found genuine.
 * What can change is checked again every time: the validity periods, and whether the CI is the one that was announced.
 */
export function euiccVerifier(trust: readonly TrustedCi[], keys: KnownKeys = knownKeys()): VerifyEuicc {
  const verify = createChainVerifier(trust);
  const genuine = recent<VerifiedEuicc>(REMEMBERED);
  return (chain) => {
    const id = idOf(sha256(chain.euiccCertificate.bytes, chain.eumCertificate.bytes));
    const known = genuine.get(id);
    if (known !== undefined && stillFits(known, chain)) return known;
    const verified = verify(chain);
    genuine.set(id, verified);
    keys.set(idOf(verified.publicKey.spki), verified.publicKey);
    return verified;
  };
}

function stillFits(
  { certificate, eumCertificate, ci }: VerifiedEuicc,
  { now, ciPKId }: Parameters<VerifyEuicc>[0],
): boolean {
  return (
    validityFault(certificate, now) === undefined &&
    validityFault(eumCertificate, now) === undefined &&
    (ciPKId === undefined || equal(ciPKId, ci.keyId))
  );
}

/** Imports public keys and remembers them among `keys`. */
export function keyImporter(keys: KnownKeys = knownKeys()): (spki: Uint8Array) => VerifyingKey {
  return (spki) => {
    const id = idOf(spki);
    const known = keys.get(id);
    if (known !== undefined) return known;
    const key = importVerifyingKey(spki);
    keys.set(id, key);
    return key;
  };
}

function idOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}
