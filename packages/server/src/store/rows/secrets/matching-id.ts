import type { MatchingId } from '@esim-rsp/sgp22/value/matching-id';
import { orderOf, type Profile } from '@esim-rsp/smdp/state/profile';
import { invalidRow } from '../required.ts';
import { type HashedValue, hashedValue } from './secret-columns.ts';

/** How a MatchingID is looked up. */
export function matchingIdToFind(matchingId: MatchingId): HashedValue {
  return hashedValue('profile', 'matching_id', matchingId);
}

/** The profile that was found by the hash of a MatchingID. Throws if its order has another one: somebody has changed the database. */
export function mustHaveMatchingId(profile: Profile, matchingId: MatchingId): Profile {
  if (orderOf(profile)?.matchingId === matchingId) return profile;
  throw invalidRow(profile, 'was found by a MatchingID that its order does not have');
}
