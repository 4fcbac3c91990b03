import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { generateTransactionId } from '@esim-rsp/sgp22/value/transaction-id';
import type { Env, Limits } from '@esim-rsp/smdp/env';
import type { SmdpKeys } from './smdp-keys.ts';
import { euiccVerifier, keyImporter, knownKeys } from './verify.ts';

export type EnvParts = {
  readonly keys: SmdpKeys;
  readonly smdpAddress: string;
  readonly limits: Limits;
};

/** What the SM-DP+ functions depend on besides their request; each call of the result reads the clock. */
export function envMaker({ keys, smdpAddress, limits }: EnvParts): () => Env {
  const known = knownKeys();
  const fixed = {
    random: systemRandom,
    smdpAddress,
    certificates: keys.certificates,
    trustedCiPKIds: keys.trust.map(({ keyId }) => keyId),
    verifyEuicc: euiccVerifier(keys.trust, known),
    verifyingKey: keyImporter(known),
    limits,
    newTransactionId: () => generateTransactionId(Date.now(), systemRandom),
  };
  return () => ({ ...fixed, now: Date.now() });
}
