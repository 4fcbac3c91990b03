import { Type } from '@sinclair/typebox';
import { closed, named } from '../../shapes/shape.ts';
import { operation, type Services } from '../frame/operation.ts';
import { ProfileType, readTypes, type TypesStore } from './profile-types.ts';

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
  respond: async ({ store }: Services<TypesStore>, { account, query }) => {
    const { cursor, count: most = Number.POSITIVE_INFINITY } = query;
    const { types, next } = await readTypes(store, account, cursor);
    const profile_types = types.slice(0, most);
    const next_cursor = profile_types.length < types.length ? profile_types.at(-1)?.profile_type : next;
    const place = next_cursor !== undefined && { more: true, next_cursor };
    return { total: profile_types.length, profile_types, ...place };
  },
});
