import { must, refusals } from '@esim-rsp/sgp22/status';
import type { Env } from '../env.ts';
import type { Decision, ProtocolFunction } from '../run.ts';
import { passing, shortage, type Vacancies, vacanciesOf } from './free-numbers.ts';
import { subscriptionFrom } from './number-template.ts';
import { stocking } from './stockProfile.ts';
import type { Subscription } from './subscription.ts';

const refuse = refusals({
  noTemplate: ['8.2.5', '3.9', 'there is no template for this profile type: make one first'],
  usedUp: ['8.2.5', '3.7', 'the ranges of the template have not so many numbers left'],
});

export type GenerateFromTemplateRequest = {
  readonly account: string;
  readonly profileType: string;
  readonly count: number;
};

export type Generated = {
  readonly subscriptions: readonly Subscription[];
  /** Nobody is told the secrets again. */
  readonly drawn: boolean;
};

/** Makes subscriptions from the next numbers of a template, and puts their Profiles into stock: all of them or none. */
export const generateFromTemplate: ProtocolFunction<
  GenerateFromTemplateRequest,
  Vacancies | undefined,
  Generated
> = {
  load: async ({ account, profileType, count }, reader) => {
    const template = await reader.template(account, profileType);
    return template === undefined ? undefined : vacanciesOf(template, reader, count);
  },
  decide,
};

function decide(
  { count }: GenerateFromTemplateRequest,
  found: Vacancies | undefined,
  env: Env,
): Decision<Generated> {
  must(found, refuse.noTemplate);
  const { template, vacant } = found;
  if (vacant.length < count) return shortage(found, refuse.usedUp(`${vacant.length} of ${count}`));
  const subscriptions = vacant.map((number) => subscriptionFrom(template, number, env));
  return {
    reply: { subscriptions, drawn: template.masterKey === undefined },
    save: [passing(found, count), ...subscriptions.flatMap((one) => stocking(one, env))],
  };
}
