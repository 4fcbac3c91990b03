import { toHex } from '@esim-rsp/codec';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { Env } from '../env.ts';
import type { Numbers, Template } from '../state/template.ts';
import { numbersFrom } from './number-ranges.ts';
import { newSubscription, type Subscription } from './subscription.ts';

/** Creates a template; throws a ValueError if its ranges are too short, or no profile can be built from it. */
export function newTemplate(input: Omit<Template, 'id' | 'passed' | 'createdAt'>, env: Env): Template {
  numbersFrom(input.starts, 1, input.size - 1);
  const id = toHex(env.random(8));
  const template = { ...input, id, passed: 0, createdAt: Math.floor(env.now / 1000) };
  firstSubscription(template, env);
  return template;
}

/** The first and the last ICCID of a template. */
export function endsOf({ starts, size }: Template): { readonly first: Iccid; readonly last: Iccid } {
  const [first] = numbersFrom(starts, 1) as [Numbers];
  const [last] = numbersFrom(starts, 1, size - 1) as [Numbers];
  return { first: first.iccid, last: last.iccid };
}

/** The subscription of the first number: an example of the profiles of the template. */
export function firstSubscription(template: Template, env: Env): Subscription {
  return createSubscription(template, numbersFrom(template.starts, 1)[0] as Numbers, env);
}

/** Creates the subscription of a number of the template. */
export function createSubscription(
  { account, profileType, terms, masterKey }: Template,
  number: Numbers,
  env: Env,
): Subscription {
  const request = { ...terms, account, profileType, ...(masterKey !== undefined && { masterKey }) };
  return newSubscription(number, request, env);
}
