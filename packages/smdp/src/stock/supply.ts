import type { ProfileParameters } from '@esim-rsp/sgp22/profile/build';
import { must, type Refusal, refusals } from '@esim-rsp/sgp22/status';
import type { Env } from '../env.ts';
import type { Reader } from '../ports.ts';
import type { Change } from '../state/change.ts';
import { recordTransition } from '../state/change.ts';
import type { ProfileContent } from '../state/content.ts';
import type { Cause } from '../state/event.ts';
import type { Profile } from '../state/profile.ts';
import { passing, shortage, type Vacancies, vacanciesOf } from './free-numbers.ts';
import { subscriptionFrom } from './number-template.ts';

/** Why there is no profile of a type to be had (ES2+.DownloadOrder, 5.3.1). */
const refuse = refusals({
  typeUnknown: ['8.2.5', '3.9', 'no profile of this type was ever stocked, and it has no template'],
  stockEmpty: ['8.2.5', '3.7', 'every profile of this type is ordered: stock more of them'],
  usedUp: [
    '8.2.5',
    '3.7',
    'every profile of this type is ordered, and the ranges of its template are used up: stock more, or give the type a template with other ranges',
  ],
});

/** What there is of a type: in stock, the oldest first; where that is empty, the numbers that its template has left. */
export type TypeStock = {
  readonly stock: readonly Profile[];
  readonly typeKnown: boolean;
  readonly vacancies?: Vacancies;
};

/** Many orders of one type at a time would all take the oldest profile: from the second attempt on, one of the oldest. */
const windows = [1, 16, 128, 512, 1024];

export async function stockOf(
  account: string,
  profileType: string,
  reader: Reader,
  attempt: number,
): Promise<TypeStock> {
  const window = windows[attempt] ?? 1024;
  const stock = await reader.availableOfType(account, profileType, window);
  if (stock.length > 0) return { stock, typeKnown: true };
  const template = await reader.template(account, profileType);
  if (template === undefined) return { stock, typeKnown: await reader.knowsType(account, profileType) };
  return { stock, typeKnown: true, vacancies: await vacanciesOf(template, reader, window) };
}

/** A profile to be ordered, and what its order writes with it. */
export type Supply = {
  readonly profile: Profile;
  readonly content?: ProfileContent;
  readonly beside: readonly Change[];
  /** Where it was made for the order: what it is made from. */
  readonly made?: ProfileParameters;
};

/** One of the type that was asked for. */
export function supplied(
  { stock, typeKnown, vacancies }: TypeStock,
  env: Env,
  cause: Cause,
): Supply | { readonly refusal: Refusal; readonly save: readonly Change[] } {
  must(typeKnown, refuse.typeUnknown);
  const inStock = oneOf(stock, env);
  if (inStock !== undefined) return { profile: inStock, beside: [] };
  must(vacancies, refuse.stockEmpty);
  const number = oneOf(vacancies.vacant, env);
  if (number === undefined) return shortage(vacancies, refuse.usedUp());
  const { profile, content, parameters } = subscriptionFrom(vacancies.template, number, env);
  const taken = number === vacancies.vacant[0] ? 1 : 0;
  const beside = [passing(vacancies, taken), ...recordTransition(undefined, profile, cause)];
  return { profile, content, beside, made: parameters };
}

/** The ordered profile, written with what had to be made for it. */
export function delivering({ beside, content }: Supply, ordered: Profile): readonly Change[] {
  return [{ profile: ordered, ...(content !== undefined && { content }) }, ...beside];
}

function oneOf<T>(choice: readonly T[], { random }: Env): T | undefined {
  if (choice.length < 2) return choice[0];
  const [high = 0, low = 0] = random(2);
  return choice[(high * 256 + low) % choice.length];
}
