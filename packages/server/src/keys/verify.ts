import { equal } from '@esim-rsp/codec';
import { sha256 } from '@esim-rsp/sgp22/crypto/digest';
import { importVerifyingKey, type VerifyingKey } from '@esim-rsp/sgp22/crypto/ecdsa';
import { validityFault } from '@esim-rsp/sgp22/pki/checks';
import { createChainVerifier, type VerifiedEuicc } from '@esim-rsp/sgp22/pki/euicc-chain';
import type { TrustedCi } from '@esim-rsp/sgp22/pki/trust';
import type { VerifyEuicc } from '@esim-rsp/smdp/env';
import { createLruCache, type LruCache } from '../limits/lru-cache.ts';

/** Size of the caches. The calls of one download come from the same eUICC within a short time. */
const MAX_CACHED = 4096;

/** Public keys by SubjectPublicKeyInfo. Importing a key takes as long as verifying a signature. */
export type KeyCache = LruCache<VerifyingKey>;

export function createKeyCache(): KeyCache {
  return createLruCache(MAX_CACHED);
}

export type VerifierOptions = {
  readonly keys?: KeyCache;
  /** Refuses what is otherwise a warning (ESIM_PKI_STRICT). */
  readonly strict?: boolean;
  /** Receives the warnings about a chain when it is verified, not again while it is cached. */
  readonly warn?: (eid: string, warnings: readonly string[]) => void;
};

/** What is kept of a verified eUICC: its certificates would take many times the memory. */
type Genuine = ReturnType<VerifyEuicc> &
  Pick<VerifiedEuicc, 'ci'> & {
    readonly certificate: Validity;
    readonly eumCertificate: Validity;
  };
type Validity = Parameters<typeof validityFault>[0];

/**
 * Verifies eUICC certificates under the trusted CIs, and caches the verified ones by the digest of both certificates. The
 * validity periods and the announced CI are checked at every call.
 */
export function createEuiccVerifier(
  trust: readonly TrustedCi[],
  { keys = createKeyCache(), strict = false, warn }: VerifierOptions = {},
): VerifyEuicc {
  const verify = createChainVerifier(trust, { strict });
  const genuine = createLruCache<Genuine>(MAX_CACHED);
  return (chain) => {
    const id = cacheKey(sha256(chain.euiccCertificate.bytes, chain.eumCertificate.bytes));
    const known = genuine.get(id);
    if (known !== undefined && isStillValid(known, chain, strict)) return known;
    const verified = verify(chain);
    if (verified.warnings.length > 0) warn?.(verified.eid, verified.warnings);
    const found = genuineOf(verified);
    genuine.set(id, found);
    keys.set(cacheKey(found.publicKey.spki), found.publicKey);
    return found;
  };
}

function genuineOf({ eid, publicKey, certificate, eumCertificate, ci }: VerifiedEuicc): Genuine {
  return {
    eid,
    publicKey,
    certificate: validityOf(certificate),
    eumCertificate: validityOf(eumCertificate),
    ci,
  };
}

function validityOf({ notBefore, notAfter }: Validity): Validity {
  return { notBefore, notAfter };
}

function isStillValid(
  { certificate, eumCertificate, ci }: Genuine,
  { now, ciPKId }: Parameters<VerifyEuicc>[0],
  strict: boolean,
): boolean {
  return (
    (!strict || validityFault(ci.certificate, now) === undefined) &&
    validityFault(certificate, now) === undefined &&
    validityFault(eumCertificate, now) === undefined &&
    (ciPKId === undefined || equal(ciPKId, ci.keyId))
  );
}

/** Imports public keys and caches them in `keys`. */
export function createKeyImporter(keys: KeyCache = createKeyCache()): (spki: Uint8Array) => VerifyingKey {
  return (spki) => {
    const id = cacheKey(spki);
    const known = keys.get(id);
    if (known !== undefined) return known;
    const key = importVerifyingKey(spki);
    keys.set(id, key);
    return key;
  };
}

function cacheKey(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}
