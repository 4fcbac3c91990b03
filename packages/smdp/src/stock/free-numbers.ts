import { type Refusal, refusals } from '@esim-rsp/sgp22/status';
import type { Reader } from '../ports.ts';
import type { Change } from '../state/change.ts';
import { isInRange } from '../state/number-range.ts';
import type { Numbers, Template } from '../state/template.ts';
import { numbersFrom } from './number-ranges.ts';

const refuse = refusals({
  crowded: ['1.2', '4.4', 'many numbers of the template of this type exist already; try again'],
});

export type FreeNumber = Numbers & { readonly offset: number };

/** The first free numbers of a template, and how far they were searched for. */
export type FreeNumbers = {
  readonly template: Template;
  readonly free: readonly FreeNumber[];
  /** Before this offset, only these are free. */
  readonly seen: number;
};

/** Numbers in one read, and reads in one search. */
const LOOKED_AT = 1024;
const READINGS = 100;

/** Finds at most `most` free numbers. It skips numbers that have a profile already, and those that are reserved for other accounts. */
export async function findFreeNumbers(
  template: Template,
  reader: Reader,
  most: number,
): Promise<FreeNumbers> {
  const free: FreeNumber[] = [];
  let seen = template.passed;
  for (let reading = 0; reading < READINGS && free.length < most && seen < template.size; reading++) {
    const end = Math.min(seen + LOOKED_AT, template.size);
    const numbers = numbersFrom(template.starts, end - seen, seen);
    const [first, last] = [numbers[0] as Numbers, numbers.at(-1) as Numbers];
    const taken = new Set(await reader.takenIccids(numbers.map(({ iccid }) => iccid)));
    const reserved = await reader.reservedForOthers(template.account, first.iccid, last.iccid);
    for (const number of numbers) {
      if (taken.has(number.iccid) || reserved.some((range) => isInRange(number.iccid, range))) {
        seen += 1;
        continue;
      }
      if (free.length === most) break;
      free.push({ ...number, offset: seen });
      seen += 1;
    }
  }
  return { template, free, seen };
}

/** Refuses because there are too few: the ranges are used up, or the search is not finished. Saves how far it got. */
export function refuseShortage(found: FreeNumbers, usedUp: Refusal) {
  const { seen, template } = found;
  return { refusal: seen < template.size ? refuse.crowded() : usedUp, save: [recordUsedNumbers(found, 0)] };
}

/** Records that the numbers before the free number `count` are used. */
export function recordUsedNumbers({ template, free, seen }: FreeNumbers, count: number): Change {
  return { passed: { template: template.id, numbers: free[count]?.offset ?? seen } };
}
