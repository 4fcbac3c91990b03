import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import { type Static, Type } from '@sinclair/typebox';
import { about, closed, inWords, literals, named } from '../../shapes/shape.ts';
import type { InventoryStore } from '../../store/ports/inventory.ts';
import type { ProfileView } from '../../store/ports/profile-view.ts';
import type { ProfileStore } from '../../store/ports/profiles.ts';
import { unknownUnlessOf } from '../../store/ports/unreadable-rows.ts';
import { operation, type Services } from '../frame/operation.ts';
import { GetEUICCProfileResponse, viewResponse } from '../profiles/profile.ts';
import { type FoundBy, foundBy, type Place, placesOf } from './places.ts';

/** Profiles of each kind of number: a search shows which there are, a list shows all of them. */
const MOST_OF_KIND = 10;

const SearchQuery = named(
  'SearchQuery',
  Type.Object(
    {
      q: Type.String({
        pattern: '^[^\\p{C}]{1,300}$',
        ...inWords('1 to 300 characters on one line'),
        description:
          'An ICCID, an IMSI, or the beginning of one; a phone number, an EID, a MatchingID or an activation code. Spaces between digits do not matter',
        examples: ['8988303000000000012'],
      }),
    },
    { ...closed, description: 'What to look for' },
  ),
);

const SearchResult = named(
  'SearchResult',
  Type.Object(
    {
      found_by: literals(foundBy, 'Which of its numbers the text is, or begins'),
      profile: about('The Profile, without its activation code', GetEUICCProfileResponse),
    },
    { description: 'A Profile that was found' },
  ),
);

const SearchResponse = Type.Object(
  {
    results: Type.Array(SearchResult, {
      description: `The Profiles, each once, without activation codes; at most ${MOST_OF_KIND} for each kind of number`,
    }),
    more: Type.Boolean({ description: 'Whether there may be more: listEUICCProfiles shows all of them' }),
  },
  { $id: 'SearchResponse', description: 'What a text found' },
);

type Store = InventoryStore & Pick<ProfileStore, 'profileByMatchingId' | 'profilesByUpstreamMatchingId'>;
type Found = { readonly profiles: readonly ProfileView[]; readonly more: boolean };

export const search = operation({
  operationId: 'search',
  method: 'GET',
  url: '/api/v1/esim/search',
  summary: 'Find profiles by any of their numbers, or by a code that a customer reads out',
  query: SearchQuery,
  permissions: ['read'],
  answers: {
    200: { description: 'What was found', schema: SearchResponse },
    400: { description: 'The text is too long, or has control characters' },
  },
  respond: async ({ store }: Services<Store>, { env, account, permissions, session, query }) => {
    const places = placesOf(query.q);
    const found = await Promise.all(places.map((place) => look(store, account, place)));
    const shown = new Map<string, { found_by: FoundBy; profile: Static<typeof GetEUICCProfileResponse> }>();
    const viewer = { env, permissions: permissions.filter((one) => one !== 'codes'), session };
    for (const [i, { by }] of places.entries())
      for (const profile of found[i]?.profiles ?? [])
        if (!shown.has(profile.iccid))
          shown.set(profile.iccid, { found_by: by, profile: viewResponse(profile, viewer) });
    return { results: [...shown.values()], more: found.some(({ more }) => more) };
  },
});

async function look(store: Store, account: string, place: Place): Promise<Found> {
  if ('upstreamMatchingId' in place) {
    const id = place.upstreamMatchingId;
    const holders = await store.profilesByUpstreamMatchingId(account, id, MOST_OF_KIND + 1);
    const views = holders.slice(0, MOST_OF_KIND).map(({ iccid }) => store.profileView(account, iccid));
    const profiles = (await Promise.all(views)).filter((view) => view !== undefined);
    return { profiles, more: holders.length > MOST_OF_KIND };
  }
  if (place.by === 'matching_id') {
    const profile = await store.profileByMatchingId(place.matchingId).catch(unknownUnlessOf(account));
    if (profile?.account !== account) return { profiles: [], more: false };
    const view = await store.profileView(account, profile.iccid satisfies Iccid);
    return { profiles: view === undefined ? [] : [view], more: false };
  }
  const usual = { order: 'iccid', descending: false, count: MOST_OF_KIND, withoutCodes: true } as const;
  const { profiles, next } = await store.searchProfiles({ ...usual, ...place.filter, account });
  return { profiles, more: next !== undefined };
}
