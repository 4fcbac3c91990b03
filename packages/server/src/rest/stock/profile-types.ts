import { profileStates } from '@esim-rsp/smdp/state/profile';
import { type Static, type TNumber, Type } from '@sinclair/typebox';
import { takeTurn } from '../../limits/turns.ts';
import { about, named } from '../../shapes/shape.ts';
import type { InventoryStore } from '../../store/ports/inventory.ts';
import type { AlertStore } from '../../store/ports/mail/alerts.ts';
import type { TemplateStore } from '../../store/ports/templates.ts';

export const ProfileStateCounts = named(
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

export const ProfileType = Type.Object(
  {
    profile_type: Type.String({ description: 'The type' }),
    total: Type.Number({ description: 'How many Profiles of this type there are' }),
    states: about('How many of them are in which state', ProfileStateCounts),
    low_stock_at: Type.Optional(
      Type.Number({ description: 'The stock at which an alert is raised; absent when there is none' }),
    ),
    template_free_numbers: Type.Optional(
      Type.Number({
        description: 'How many numbers of its template are free, at most; absent when it has none',
      }),
    ),
  },
  { $id: 'ProfileType', description: 'A type of Profiles' },
);
export type ProfileType = Static<typeof ProfileType>;

export type TypesStore = Pick<InventoryStore, 'profileTypes'> &
  Pick<TemplateStore, 'templates'> &
  Pick<AlertStore, 'stockLimits'>;

/** Pairs of a type and a state that are read at once: a few thousand types. */
const MOST_COUNTS = 10_000;

/** The types after one, by name; also those that have a template or a limit only. `next`: the last one that was read, if there may be more. */
export async function readTypes(
  store: TypesStore,
  account: string,
  after?: string,
): Promise<{ readonly types: readonly ProfileType[]; readonly next?: string }> {
  const [{ counts, next }, templates, limits] = await Promise.all([
    store.profileTypes({ account, most: MOST_COUNTS, ...(after !== undefined && { after }) }),
    store.templates(account),
    store.stockLimits(account),
  ]);
  await takeTurn();
  const isInRange = (type: string) =>
    (after === undefined || byOctets(type, after) > 0) && (next === undefined || byOctets(type, next) <= 0);
  const lowAt = new Map(limits.map(({ profileType, lowAt }) => [profileType, lowAt]));
  const left = new Map(templates.map(({ profileType, size, passed }) => [profileType, size - passed]));
  const found = new Map<string, ProfileType['states']>(
    [...left.keys(), ...lowAt.keys()].filter(isInRange).map((type) => [type, {}]),
  );
  for (const { profileType, state, count } of counts)
    found.set(profileType, { ...found.get(profileType), [state]: count });
  const types = [...found]
    .sort(([a], [b]) => byOctets(a, b))
    .map(([type, states]) => typeOf(type, states, lowAt.get(type), left.get(type)));
  return { types, ...(next !== undefined && { next }) };
}

function typeOf(
  profile_type: string,
  states: ProfileType['states'],
  lowAt: number | undefined,
  left: number | undefined,
): ProfileType {
  return {
    profile_type,
    total: Object.values(states).reduce((sum, count) => sum + count, 0),
    states,
    ...(lowAt !== undefined && { low_stock_at: lowAt }),
    ...(left !== undefined && { template_free_numbers: left }),
  };
}

/** The order in which the store sorts types. */
function byOctets(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}
