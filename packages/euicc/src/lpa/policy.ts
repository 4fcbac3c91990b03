import { equal } from '@esim-rsp/codec';
import {
  type OperatorId,
  profileClasses,
  type StoreMetadataRequest,
} from '@esim-rsp/sgp22/asn1/bound-profile-package';
import {
  GetRatRequest,
  GetRatResponse,
  ProfileInfoListRequest,
  ProfileInfoListResponse,
  type ProfilePolicyAuthorisationRule,
} from '@esim-rsp/sgp22/asn1/es10';
import { PPR1, PPR2 } from '@esim-rsp/sgp22/asn1/euicc-info';
import { callEs10 } from './es10.ts';
import type { LpaEnv } from './ports.ts';

/** What the policy rules of a profile mean for its user. */
export const policyRules: Readonly<Record<number, string>> = {
  [PPR1]: 'it cannot be disabled',
  [PPR2]: 'it cannot be deleted',
};

/** `refused`: the card does not install a profile with these rules. `consent`: the user must agree to them. */
export type Policy = 'free' | 'consent' | 'refused';

/** Whether the card accepts the policy rules of a profile (SGP.22 2.9.2, 3.1.3 step 2). */
export async function policyFor(metadata: StoreMetadataRequest, env: LpaEnv): Promise<Policy> {
  const { profilePolicyRules = new Set<number>(), profileOwner } = metadata;
  const wanted = [PPR1, PPR2].filter((rule) => profilePolicyRules.has(rule));
  if (wanted.length === 0) return 'free';
  if (wanted.includes(PPR1) && (await hasOperationalProfile(env))) return 'refused';
  const { rat } = await callEs10(
    env.es10,
    { step: 'consent', request: GetRatRequest, response: GetRatResponse },
    {},
  );
  const deciding = wanted.map((rule) =>
    rat.find((entry) => entry.pprIds.has(rule) && allows(entry, profileOwner)),
  );
  if (deciding.includes(undefined)) return 'refused';
  return deciding.some((entry) => entry?.pprFlags.has(CONSENT_REQUIRED)) ? 'consent' : 'free';
}

const CONSENT_REQUIRED = 0;

async function hasOperationalProfile({ es10 }: LpaEnv): Promise<boolean> {
  const listed = await callEs10(
    es10,
    { step: 'consent', request: ProfileInfoListRequest, response: ProfileInfoListResponse },
    { searchCriteria: { profileClass: profileClasses.operational } },
  );
  return 'profileInfoListOk' in listed && listed.profileInfoListOk.length > 0;
}

function allows(
  { allowedOperators }: ProfilePolicyAuthorisationRule,
  owner: OperatorId | undefined,
): boolean {
  return owner !== undefined && allowedOperators.some((allowed) => matches(allowed, owner));
}

/** A digit E of the MCC and MNC means any digit; a group identifier that is not in the rule may be anything. */
function matches(allowed: OperatorId, owner: OperatorId): boolean {
  const nibbles = (octets: Uint8Array) => [...octets].flatMap((octet) => [octet & 15, octet >> 4]);
  const found = nibbles(owner.mccMnc);
  const gid = (rule?: Uint8Array, own: Uint8Array = new Uint8Array()) =>
    rule === undefined || equal(rule, own);
  return (
    nibbles(allowed.mccMnc).every((digit, i) => digit === 0xe || digit === found[i]) &&
    gid(allowed.gid1, owner.gid1) &&
    gid(allowed.gid2, owner.gid2)
  );
}
