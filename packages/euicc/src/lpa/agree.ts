import type { StoreMetadataRequest } from '@esim-rsp/sgp22/asn1/bound-profile-package';
import type { Offer } from './authenticate.ts';
import { giveUp } from './cancel.ts';
import { LpaFailure } from './failure.ts';
import { policyFor, policyRules } from './policy.ts';
import type { LpaEnv } from './ports.ts';

/** Asks the user whether the profile may be installed. `rules` says in words what its policy rules will forbid. */
export type Consent = (metadata: StoreMetadataRequest, rules: readonly string[]) => Promise<boolean>;

/** Checks the policy rules, then asks the user (SGP.22 3.1.3 steps 9 and 10). If one of them says no, the session is cancelled. */
export async function agree(offer: Offer, consent: Consent, env: LpaEnv): Promise<void> {
  const metadata = offer.metadata.value;
  const policy = await policyFor(metadata, env);
  if (policy === 'refused') {
    const failure = new LpaFailure('consent', 'this eUICC does not allow the policy rules of the profile', {
      advice: 'ask the operator for a profile without policy rules, or delete the profile that is in its way',
    });
    await giveUp(failure, 'pprNotAllowed', offer, env);
  }
  const rules = policy === 'consent' ? wordsFor(metadata) : [];
  if (!(await consent(metadata, rules)))
    await giveUp(new LpaFailure('consent', 'the profile was declined'), 'endUserRejection', offer, env);
}

function wordsFor({ profilePolicyRules = new Set<number>() }: StoreMetadataRequest): string[] {
  return [...profilePolicyRules].flatMap((rule) => policyRules[rule] ?? []);
}
