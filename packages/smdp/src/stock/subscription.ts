import { makeUnprintable } from '@esim-rsp/sgp22/crypto/secret';
import { completeParameters, type ProfileParameters } from '@esim-rsp/sgp22/profile/build';
import { deriveSecrets, type MasterKey } from '@esim-rsp/sgp22/profile/derived-secrets';
import type { Env } from '../env.ts';
import type { Numbers, SubscriptionTerms } from '../state/template.ts';
import { type NewProfile, newProfile } from './createProfile.ts';

export type SubscriptionRequest = SubscriptionTerms & {
  readonly account: string;
  readonly profileType?: string;
  /** Absent: keys and codes are generated. */
  readonly masterKey?: MasterKey;
};

export type Subscription = NewProfile & { readonly parameters: ProfileParameters };

/** Creates one subscription with its secrets, and its Profile. */
export function newSubscription(
  numbers: Numbers,
  { common, masterKey, ...request }: SubscriptionRequest,
  env: Env,
): Subscription {
  const { algorithm } = common;
  const secrets =
    masterKey === undefined
      ? { ki: env.random(16), opc: env.random(algorithm === 'tuak' ? 32 : 16) }
      : deriveSecrets(masterKey, numbers.imsi, algorithm);
  const input = makeUnprintable('ProfileParameters', { ...common, ...numbers, ...secrets });
  const parameters = completeParameters(input, env.random);
  return { parameters, ...newProfile({ ...request, content: { parameters } }, parameters, env) };
}
