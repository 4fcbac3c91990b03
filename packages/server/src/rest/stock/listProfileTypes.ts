import { profileStates } from '@esim-rsp/smdp/state/profile';
import { type TNumber, Type } from '@sinclair/typebox';
import { takeTurn } from '../../limits/turns.ts';
import { about, closed, named } from '../../shapes/shape.ts';
import type { InventoryStore } from '../../store/ports/inventory.ts';
import type { TemplateStore } from '../../store/ports/templates.ts';
import { operation, type Services } from '../frame/operation.ts';

const ProfileStateCounts = named(
  'ProfileStateCounts',
  Type.Partial(
    Type.Object(
      Object.fromEntries(
        profileStates.map((state) => [state, Type.Number({ description: `How many are ${state}` })]),
      ) as {
        [S in (typeof profileStates)[number]]: TNumber;
      },
    ),
    { description: 'How many Profiles are in which state; states without any are absent' },
  ),
);

const ProfileType = Type.Object(
  {
    profile_type: Type.String({ description: 'The type' }),
    total: Type.Number({ description: 'How many Profiles of this type there are' }),
    states: about('How many of them are in which state', ProfileStateCounts),
    template_free_numbers: Type.Optional(
      Type.Number({
        description: 'How many numbers of its template are free, at most; absent when it has none',
      }),
    ),
  },
  { $id: 'ProfileType', description: 'A type of Profiles' },
);

const ListProfileTypesResponse = Type.Object(
  {
    total: Type.Number({ description: 'How many types the answer has' }),
    more: Type.Optional(Type.Boolean({ description: 'Present and true when there may be more types' })),
    profile_types: Type.Array(ProfileType, { description: 'The types, by name' }),
    next_cursor: Type.Optional(
      Type.String({ description: 'The cursor of the next page; absent when there are no more types' }),
    ),
  },
  {
    $id: 'ListProfileTypesResponse',
    description: 'A page of the types of the Profiles of the account',
    examples: [
      {
        total: 1,
        profile_types: [{ profile_type: 'basic', total: 12, states: { AVAILABLE: 10, ENABLED: 2 } }],
      },
    ],
  },
);

const ProfileTypesQuery = named(
  'ProfileTypesQuery',
  Type.Object(
    {
      cursor: Type.Optional(
        Type.String({
          minLength: 1,
          maxLength: 128,
          description: 'next_cursor of the previous page; without it, the first page',
        }),
      ),
      count: Type.Optional(
        Type.Integer({
          minimum: 1,
          maximum: 1000,
          description: 'How many types the answer has at most; without it, as many as one answer can have',
        }),
      ),
    },
    { ...closed, description: 'Which types a page has' },
  ),
);

/** Pairs of a type and a state in one answer: a few thousand types. */
const MOST_COUNTS = 10_000;

export const listProfileTypes = operation({
  operationId: 'listProfileTypes',
  method: 'GET',
  url: '/api/v1/esim/profile-types',
  summary: "List the types of the account's profiles, with how many are in which state",
  isLong: true,
  permissions: ['read'],
  query: ProfileTypesQuery,
  answers: {
    200: { description: 'A page of types', schema: ListProfileTypesResponse },
    400: { description: 'A parameter is not valid' },
  },
  respond: async ({ store }: Services<InventoryStore & TemplateStore>, { account, query }) => {
    const { cursor: after, count: most = Number.POSITIVE_INFINITY } = query;
    const [{ counts, next }, templates] = await Promise.all([
      store.profileTypes({ account, most: MOST_COUNTS, ...(after !== undefined && { after }) }),
      store.templates(account),
    ]);
    await takeTurn();
    const isOnPage = (type: string) =>
      (after === undefined || byOctets(type, after) > 0) && (next === undefined || byOctets(type, next) <= 0);
    const left = new Map(templates.map(({ profileType, size, passed }) => [profileType, size - passed]));
    const types = new Map<string, Record<string, number>>(
      [...left.keys()].filter(isOnPage).map((type) => [type, {}]),
    );
    for (const { profileType, state, count } of counts)
      types.set(profileType, { ...types.get(profileType), [state]: count });
    const sorted = [...types].sort(([a], [b]) => byOctets(a, b));
    const page = sorted.slice(0, most);
    const next_cursor = page.length < sorted.length ? page.at(-1)?.[0] : next;
    const profile_types = page.map(([profile_type, states]) => ({
      profile_type,
      total: Object.values(states).reduce((sum, count) => sum + count, 0),
      states,
      ...(left.has(profile_type) && { template_free_numbers: left.get(profile_type) }),
    }));
    const place = next_cursor !== undefined && { more: true, next_cursor };
    return { total: profile_types.length, profile_types, ...place };
  },
});

/** The order in which the store sorts types. */
function byOctets(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}
