import { profileStates } from '@esim-rsp/smdp/state/profile';
import { type Static, Type } from '@sinclair/typebox';
import { OrderEUICCProfileRequest } from '../profiles/schemas.ts';

/** The shapes of profile types: stock pools. */

export const OrderEUICCProfileOfTypeRequest = Type.Object(
  { profile_type: Type.String({ minLength: 1, maxLength: 128 }), ...OrderEUICCProfileRequest.properties },
  {
    additionalProperties: false,
    $id: 'OrderEUICCProfileOfTypeRequest',
    examples: [{ profile_type: 'basic' }],
  },
);
export type OrderEUICCProfileOfTypeRequest = Static<typeof OrderEUICCProfileOfTypeRequest>;

const counts = Object.fromEntries(profileStates.map((state) => [state, Type.Optional(Type.Number())]));

const ProfileType = Type.Object(
  {
    profile_type: Type.String(),
    total: Type.Number(),
    states: Type.Unsafe<{ [state in (typeof profileStates)[number]]?: number }>(
      Type.Object(counts, { description: 'How many are in which state; those without any are left out' }),
    ),
    template_free_numbers: Type.Optional(
      Type.Number({ description: 'Of a type with a template: how many more can be made, at most' }),
    ),
  },
  { $id: 'ProfileType' },
);

export const ListProfileTypesResponse = Type.Object(
  { total: Type.Number(), profile_types: Type.Array(ProfileType) },
  {
    $id: 'ListProfileTypesResponse',
    examples: [
      {
        total: 1,
        profile_types: [{ profile_type: 'basic', total: 12, states: { AVAILABLE: 10, ENABLED: 2 } }],
      },
    ],
  },
);
export type ListProfileTypesResponse = Static<typeof ListProfileTypesResponse>;
