import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import type { Env, Limits } from '@esim-rsp/smdp/env';
import { createTransactions } from '@esim-rsp/smdp/es9/transactions';
import { takeTurn } from '../limits/turns.ts';
import type { SmdpKeys } from './smdp-keys.ts';
import { createEuiccVerifier, createKeyCache, createKeyImporter, type VerifierOptions } from './verify.ts';

export type EnvParts = {
  readonly keys: Pick<SmdpKeys, 'certificates' | 'trust'>;
  readonly smdpAddress: string;
  readonly limits: Limits;
  /** The secret of transactions that is in force at that time (Unix milliseconds). */
  readonly secretAt: (at: number) => Uint8Array | undefined;
} & Pick<VerifierOptions, 'strict' | 'warn'>;

/** Returns a function that creates the `Env` of one request: clock, randomness, keys and limits. Each call reads the clock. */
export function createEnvFactory({ keys, smdpAddress, limits, secretAt, ...options }: EnvParts): () => Env {
  const known = createKeyCache();
  const trustedCiPKIds = keys.trust.map(({ keyId }) => keyId);
  const fixed = {
    random: systemRandom,
    smdpAddress,
    certificates: keys.certificates,
    trustedCiPKIds,
    verifyEuicc: createEuiccVerifier(keys.trust, { keys: known, ...options }),
    verifyingKey: createKeyImporter(known),
    limits,
    transactions: createTransactions({
      secretAt,
      random: systemRandom,
      smdpAddress,
      smdpCiPKIds: keys.certificates.map(({ ciPKId }) => ciPKId),
      trustedCiPKIds,
      sessionSeconds: limits.sessionSeconds,
    }),
    pause: takeTurn,
  };
  return () => ({ ...fixed, now: Date.now() });
}
