import { profileStates } from '@esim-rsp/smdp/state/profile';
import { type Static, Type } from '@sinclair/typebox';
import { Time } from '../../shapes/time.ts';
import { listExample } from './schema-examples.ts';
import { GetEUICCProfileResponse } from './schemas.ts';

/** The shapes of the list of profiles. */

const oneState = `(?:${profileStates.join('|')})`;
const sorts = ['iccid', '-iccid', 'last_operation_date', '-last_operation_date'] as const;

/** Generated clients take these by their places: a new one goes to the end. */
export const ListEUICCProfilesQuery = Type.Object({
  count: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100 })),
  offset: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 100_000_000,
      description:
        'Profiles to skip: with one state or none, and no other filter. The answer has a total then',
    }),
  ),
  state: Type.Optional(
    Type.String({
      pattern: `^${oneState}(?:,${oneState})*$`,
      maxLength: 200,
      description: 'One or more, with commas between them',
    }),
  ),
  cursor: Type.Optional(
    Type.String({
      maxLength: 200,
      description: 'next_cursor of the page before; empty for the first page. There is no total then',
    }),
  ),
  eid: Type.Optional(
    Type.String({
      pattern: '^[0-9]{32}$',
      description: 'The eUICC that they are linked to, bound to or installed on',
    }),
  ),
  imsi: Type.Optional(Type.String({ pattern: '^[0-9]{6,15}$' })),
  profile_type: Type.Optional(Type.String({ minLength: 1, maxLength: 128 })),
  changed_since: Type.Optional(Time('Profiles whose last change of state was then or later')),
  text: Type.Optional(
    Type.String({
      pattern: '^[0-9]{1,20}$',
      description: 'How the ICCID begins, if it begins with 8, as ICCIDs do; else how the IMSI begins',
    }),
  ),
  sort: Type.Optional(
    Type.Unsafe<(typeof sorts)[number]>({
      type: 'string',
      enum: [...sorts],
      description:
        'With - the last one first. Unless given: iccid; with changed_since last_operation_date, with the beginning of an IMSI by IMSI',
    }),
  ),
});
export type ListEUICCProfilesQuery = Static<typeof ListEUICCProfilesQuery>;

export const ListEUICCProfilesResponse = Type.Object(
  {
    total: Type.Optional(
      Type.Number({ description: 'Where no cursor and no filter but one state was given' }),
    ),
    count: Type.Number(),
    offset: Type.Optional(Type.Number({ description: 'Where there is a total' })),
    next_cursor: Type.Optional(
      Type.String({
        description: 'There as long as there may be more, also where a page has few profiles or none',
      }),
    ),
    euicc_profiles: Type.Array(GetEUICCProfileResponse),
  },
  { $id: 'ListEUICCProfilesResponse', examples: [listExample] },
);
export type ListEUICCProfilesResponse = Static<typeof ListEUICCProfilesResponse>;
