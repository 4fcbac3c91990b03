import { toHex } from '@esim-rsp/codec';
import type { Env } from '../env.ts';
import type { Numbers, Template } from '../state/template.ts';
import { numbersFrom } from './number-ranges.ts';
import { newSubscription, type Subscription } from './subscription.ts';

/** A template as it is asked for; throws a ValueError where its ranges are too short, or no profile can be made of it. */
export function newTemplate(wish: Omit<Template, 'id' | 'passed' | 'createdAt'>, env: Env): Template {
  numbersFrom(wish.starts, 1, wish.size - 1);
  const id = toHex(env.random(8));
  const template = { ...wish, id, passed: 0, createdAt: Math.floor(env.now / 1000) };
  firstSubscription(template, env);
  return template;
}

/** What its first number gives: it shows what is in the profiles of a template. */
export function firstSubscription(template: Template, env: Env): Subscription {
  return subscriptionFrom(template, numbersFrom(template.starts, 1)[0] as Numbers, env);
}

/** The subscription that a template gives to a number. */
export function subscriptionFrom(
  { account, profileType, terms, masterKey }: Template,
  number: Numbers,
  env: Env,
): Subscription {
  const wish = { ...terms, account, profileType, ...(masterKey !== undefined && { masterKey }) };
  return newSubscription(number, wish, env);
}
