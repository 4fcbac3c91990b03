import type { MatchingId } from '@esim-rsp/sgp22/value/matching-id';
import { orderOf, type Profile, readyOf } from '@esim-rsp/smdp/state/profile';
import { invalidRow } from '../required.ts';
import { type HashedValue, hashedValue } from './secret-columns.ts';

/** How a MatchingID is looked up. */
export function matchingIdToFind(matchingId: MatchingId): HashedValue {
  return hashedValue('profile', 'matching_id', matchingId);
}

/** How a MatchingID of an upstream is looked up. */
export function upstreamMatchingIdToFind(matchingId: string): HashedValue {
  return hashedValue('profile', 'upstream_matching_id_hash', matchingId);
}

/** The profile that was found by the hash of a MatchingID. Throws if its order has another one: somebody has changed the database. */
export function mustHaveMatchingId(profile: Profile, matchingId: MatchingId): Profile {
  return mustBeSame(profile, orderOf(profile)?.matchingId, matchingId);
}

/** The same for one of an upstream, whose order there may be kept ready. */
export function mustHaveUpstreamMatchingId(profile: Profile, matchingId: string): Profile {
  return mustBeSame(profile, (orderOf(profile) ?? readyOf(profile))?.matchingId, matchingId);
}

function mustBeSame(profile: Profile, own: string | undefined, asked: string): Profile {
  if (own === asked) return profile;
  throw invalidRow(profile, 'was found by a MatchingID that its order does not have');
}
