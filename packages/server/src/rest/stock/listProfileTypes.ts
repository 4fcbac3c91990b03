import { profileStates } from '@esim-rsp/smdp/state/profile';
import { type TNumber, Type } from '@sinclair/typebox';
import { takeTurn } from '../../limits/turns.ts';
import { about, named } from '../../shapes/shape.ts';
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
    more: Type.Optional(
      Type.Boolean({ description: 'Present and true when there are more types than one answer can have' }),
    ),
    profile_types: Type.Array(ProfileType, { description: 'The types, by name' }),
  },
  {
    $id: 'ListProfileTypesResponse',
    description: 'The types of the Profiles of the account',
    examples: [
      {
        total: 1,
        profile_types: [{ profile_type: 'basic', total: 12, states: { AVAILABLE: 10, ENABLED: 2 } }],
      },
    ],
  },
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
  answers: { 200: { description: 'All types', schema: ListProfileTypesResponse } },
  respond: async ({ store }: Services<InventoryStore & TemplateStore>, { account }) => {
    const [found, templates] = await Promise.all([
      store.profileTypes(account, MOST_COUNTS + 1),
      store.templates(account),
    ]);
    await takeTurn();
    const more = found.length > MOST_COUNTS;
    const last = found.at(-1)?.profileType; // it may have more states
    const counts = more ? found.filter(({ profileType }) => profileType !== last) : found;
    const left = new Map(templates.map(({ profileType, size, passed }) => [profileType, size - passed]));
    const types = new Map<string, Record<string, number>>([...left.keys()].map((type) => [type, {}]));
    for (const { profileType, state, count } of counts)
      types.set(profileType, { ...types.get(profileType), [state]: count });
    const profile_types = [...types]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([profile_type, states]) => ({
        profile_type,
        total: Object.values(states).reduce((sum, count) => sum + count, 0),
        states,
        ...(left.has(profile_type) && { template_free_numbers: left.get(profile_type) }),
      }));
    return { total: profile_types.length, ...(more && { more }), profile_types };
  },
});
