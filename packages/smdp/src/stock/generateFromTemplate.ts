import { must, refusals } from '@esim-rsp/sgp22/status';
import type { Env } from '../env.ts';
import type { Decision, ProtocolFunction } from '../run.ts';
import { saveNewProfile } from './createProfile.ts';
import { type FreeNumbers, findFreeNumbers, recordUsedNumbers, refuseShortage } from './free-numbers.ts';
import { createSubscription } from './number-template.ts';
import type { Subscription } from './subscription.ts';

const refuse = refusals({
  noTemplate: ['8.2.5', '3.9', 'there is no template for this profile type: create one first'],
  usedUp: ['8.2.5', '3.7', 'the ranges of the template do not have enough free numbers'],
});

export type GenerateFromTemplateRequest = {
  readonly account: string;
  readonly profileType: string;
  readonly count: number;
};

export type Generated = {
  readonly subscriptions: readonly Subscription[];
  /** Whether the secrets were generated: then they are shown once. */
  readonly generated: boolean;
};

/** Creates subscriptions from the next numbers of a template, and their Profiles: all of them or none. */
export const generateFromTemplate: ProtocolFunction<
  GenerateFromTemplateRequest,
  FreeNumbers | undefined,
  Generated
> = {
  load: async ({ account, profileType, count }, reader) => {
    const template = await reader.template(account, profileType);
    return template === undefined ? undefined : findFreeNumbers(template, reader, count);
  },
  decide,
};

async function decide(
  { count }: GenerateFromTemplateRequest,
  found: FreeNumbers | undefined,
  env: Env,
): Promise<Decision<Generated>> {
  must(found, refuse.noTemplate);
  const { template, free } = found;
  if (free.length < count) return refuseShortage(found, refuse.usedUp(`${free.length} of ${count}`));
  const subscriptions: Subscription[] = [];
  for (const number of free) {
    await env.pause?.();
    subscriptions.push(createSubscription(template, number, env));
  }
  return {
    reply: { subscriptions, generated: template.masterKey === undefined },
    save: [recordUsedNumbers(found, count), ...subscriptions.flatMap((one) => saveNewProfile(one, env))],
  };
}
