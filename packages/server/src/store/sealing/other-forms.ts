import { orderOf, type Profile } from '@esim-rsp/smdp/state/profile';
import { matchingIdToFind } from '../rows/secrets/matching-id.ts';
import type { Sealing } from './data-keys.ts';

/**
 * The other forms in which the MatchingID of a profile may be stored: in full, until it is sealed, and as its hash. The index of MatchingIDs compares what is
 * stored, so it does not see that two forms are the same MatchingID. Empty when everything is sealed.
 */
export function otherForms(sealing: Sealing, profile: Profile): readonly string[] {
  const matchingId = profile.upstream === undefined ? (orderOf(profile)?.matchingId ?? '') : '';
  if (matchingId === '' || sealing.refusesPlain()) return [];
  const value = matchingIdToFind(matchingId);
  const own = sealing.seal(value);
  return sealing.formsOf(value).filter((form) => form !== own);
}
