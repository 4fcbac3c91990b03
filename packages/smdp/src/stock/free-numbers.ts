import { type Refusal, refusals } from '@esim-rsp/sgp22/status';
import type { Reader } from '../ports.ts';
import type { Change } from '../state/change.ts';
import type { Numbers, Template } from '../state/template.ts';
import { numbersFrom } from './number-ranges.ts';

const refuse = refusals({
  crowded: ['1.2', '4.4', 'many numbers of the template of this type are stocked already; try again'],
});

export type Vacancy = Numbers & { readonly offset: number };

/** Numbers of a template that nobody has taken, the first of them, and how far they were looked for. */
export type Vacancies = {
  readonly template: Template;
  readonly vacant: readonly Vacancy[];
  /** Before it, no number is left but these. */
  readonly seen: number;
};

/** Numbers that are looked at in one reading, and readings. */
const LOOKED_AT = 1024;
const READINGS = 100;

/** At most `most` of them. Others may have stocked numbers of these ranges too: those are passed over. */
export async function vacanciesOf(template: Template, reader: Reader, most: number): Promise<Vacancies> {
  const vacant: Vacancy[] = [];
  let seen = template.passed;
  for (let reading = 0; reading < READINGS && vacant.length < most && seen < template.size; reading++) {
    const end = Math.min(seen + LOOKED_AT, template.size);
    const [first, last] = [numberAt(template, seen), numberAt(template, end - 1)];
    const taken = new Set(await reader.iccidsBetween(first.iccid, last.iccid));
    for (; seen < end; seen++) {
      const number = numberAt(template, seen);
      if (taken.has(number.iccid)) continue;
      if (vacant.length === most) break;
      vacant.push({ ...number, offset: seen });
    }
  }
  return { template, vacant, seen };
}

function numberAt({ starts }: Template, offset: number): Numbers {
  return numbersFrom(starts, 1, offset)[0] as Numbers;
}

/** Why there are not enough of them: the ranges are used up, or it is not known yet. How far they were looked for is kept. */
export function shortage(found: Vacancies, usedUp: Refusal) {
  const { seen, template } = found;
  return { refusal: seen < template.size ? refuse.crowded() : usedUp, save: [passing(found, 0)] };
}

/** Remembers what is taken when the first `count` of the vacant numbers are. */
export function passing({ template, vacant, seen }: Vacancies, count: number): Change {
  return { passed: { template: template.id, numbers: vacant[count]?.offset ?? seen } };
}
