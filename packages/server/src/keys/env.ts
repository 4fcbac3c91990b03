import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { generateTransactionId } from '@esim-rsp/sgp22/value/transaction-id';
import type { Env, Limits } from '@esim-rsp/smdp/env';
import type { SmdpKeys } from './smdp-keys.ts';
import { createEuiccVerifier, createKeyCache, createKeyImporter, type VerifierOptions } from './verify.ts';

export type EnvParts = {
  readonly keys: Pick<SmdpKeys, 'certificates' | 'trust'>;
  readonly smdpAddress: string;
  readonly limits: Limits;
} & Pick<VerifierOptions, 'strict' | 'warn'>;

/** Returns a function that creates the `Env` of one request: clock, randomness, keys and limits. Each call reads the clock. */
export function createEnvFactory({ keys, smdpAddress, limits, ...options }: EnvParts): () => Env {
  const known = createKeyCache();
  const fixed = {
    random: systemRandom,
    smdpAddress,
    certificates: keys.certificates,
    trustedCiPKIds: keys.trust.map(({ keyId }) => keyId),
    verifyEuicc: createEuiccVerifier(keys.trust, { keys: known, ...options }),
    verifyingKey: createKeyImporter(known),
    limits,
    newTransactionId: () => generateTransactionId(Date.now(), systemRandom),
  };
  return () => ({ ...fixed, now: Date.now() });
}
