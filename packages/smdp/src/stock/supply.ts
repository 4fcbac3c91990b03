import type { ProfileParameters } from '@esim-rsp/sgp22/profile/build';
import { must, type Refusal, refusals } from '@esim-rsp/sgp22/status';
import type { Env } from '../env.ts';
import type { Reader } from '../ports.ts';
import type { Change } from '../state/change.ts';
import { recordTransition } from '../state/change.ts';
import type { ProfileContent } from '../state/content.ts';
import type { Cause } from '../state/event.ts';
import type { Profile } from '../state/profile.ts';
import { type FreeNumbers, findFreeNumbers, recordUsedNumbers, refuseShortage } from './free-numbers.ts';
import { createSubscription } from './number-template.ts';

/** Why there is no profile of a type to be had (ES2+.DownloadOrder, 5.3.1). */
const refuse = refusals({
  typeUnknown: ['8.2.5', '3.9', 'no profile of this type was ever stocked, and it has no template'],
  stockEmpty: ['8.2.5', '3.7', 'every profile of this type is ordered: stock more of them'],
  atUpstream: [
    '8.2.5',
    '3.7',
    'the profiles of this type in stock are at another SM-DP+: order one over REST, by its type or its ICCID',
  ],
  usedUp: [
    '8.2.5',
    '3.7',
    'every profile of this type is ordered, and the ranges of its template are used up: stock more, or give the type a template with other ranges',
  ],
});

/** What there is of a type: the profiles in stock, oldest first, or if there are none, the free numbers of its template. */
export type TypeStock = {
  readonly stock: readonly Profile[];
  readonly typeKnown: boolean;
  readonly freeNumbers?: FreeNumbers;
};

/** Many orders of one type at a time would all take the oldest profile, so from the second attempt on each takes one of the oldest. */
export const WIDEST = 256;
const windows = [1, 16, 128, WIDEST];

export async function findStock(
  account: string,
  profileType: string,
  reader: Reader,
  attempt: number,
  where: 'here' | 'anywhere' = 'here',
): Promise<TypeStock> {
  const window = windows[attempt] ?? WIDEST;
  const first = await reader.availableOfType(account, profileType, window);
  const isHere =
    where === 'anywhere' || first.length === 0 || first.some(({ upstream }) => upstream === undefined);
  const stock = isHere ? first : await reader.availableOfType(account, profileType, WIDEST);
  if (stock.length > 0) return { stock, typeKnown: true };
  const template = await reader.template(account, profileType);
  if (template === undefined) return { stock, typeKnown: await reader.knowsType(account, profileType) };
  return { stock, typeKnown: true, freeNumbers: await findFreeNumbers(template, reader, window) };
}

/** A profile to order, and what its order writes with it. */
export type Supply = {
  readonly profile: Profile;
  readonly content?: ProfileContent;
  readonly changes: readonly Change[];
  /** If it was created for the order: the parameters of its package. */
  readonly made?: ProfileParameters;
};

/** Takes one profile of the type: from stock, or created from the template. `where`: whether upstreams may have it. */
export function takeFromStock(
  { stock, typeKnown, freeNumbers }: TypeStock,
  env: Env,
  cause: Cause,
  where: 'here' | 'anywhere' = 'here',
): Supply | { readonly refusal: Refusal; readonly save: readonly Change[] } {
  must(typeKnown, refuse.typeUnknown);
  const own = where === 'anywhere' ? stock : stock.filter(({ upstream }) => upstream === undefined);
  must(own.length > 0 || stock.length === 0, refuse.atUpstream);
  const inStock = oneOf(own, env);
  if (inStock !== undefined) return { profile: inStock, changes: [] };
  must(freeNumbers, refuse.stockEmpty);
  const number = oneOf(freeNumbers.free, env);
  if (number === undefined) return refuseShortage(freeNumbers, refuse.usedUp());
  const { profile, content, parameters } = createSubscription(freeNumbers.template, number, env);
  const taken = number === freeNumbers.free[0] ? 1 : 0;
  const changes = [recordUsedNumbers(freeNumbers, taken), ...recordTransition(undefined, profile, cause)];
  return { profile, ...(content !== undefined && { content }), changes, made: parameters };
}

/** Saves the ordered profile with what was created for it. */
export function saveSupply({ changes, content }: Supply, ordered: Profile): readonly Change[] {
  return [{ profile: ordered, ...(content !== undefined && { content }) }, ...changes];
}

function oneOf<T>(choice: readonly T[], { random }: Env): T | undefined {
  if (choice.length < 2) return choice[0];
  const [high = 0, low = 0] = random(2);
  return choice[(high * 256 + low) % choice.length];
}
