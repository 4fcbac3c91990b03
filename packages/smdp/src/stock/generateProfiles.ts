import { must, refusals } from '@esim-rsp/sgp22/status';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { Env } from '../env.ts';
import type { Decision, ProtocolFunction } from '../run.ts';
import type { Numbers } from '../state/template.ts';
import { saveNewProfile } from './createProfile.ts';
import { newSubscription, type Subscription, type SubscriptionRequest } from './subscription.ts';

const refuse = refusals({
  iccidTaken: ['8.2.1', '3.3', 'a profile with one of these ICCIDs exists already'],
});

export type GenerateProfilesRequest = SubscriptionRequest & { readonly numbers: readonly Numbers[] };

/** Makes subscriptions and puts their Profiles into stock (SGP.22 3.1.2): all of them or none. */
export const generateProfiles: ProtocolFunction<
  GenerateProfilesRequest,
  readonly Iccid[],
  readonly Subscription[]
> = {
  /** ICCIDs that are taken. */
  load: async ({ numbers }, reader) => {
    const found = await Promise.all(numbers.map(({ iccid }) => reader.profile(iccid)));
    return found.flatMap((profile) => (profile === undefined ? [] : [profile.iccid]));
  },
  decide,
};

function decide(
  { numbers, ...request }: GenerateProfilesRequest,
  taken: readonly Iccid[],
  env: Env,
): Decision<readonly Subscription[]> {
  must(taken.length === 0, () => refuse.iccidTaken(`${taken[0]}, the first of ${taken.length}`));
  const made = numbers.map((number) => newSubscription(number, request, env));
  return { reply: made, save: made.flatMap((one) => saveNewProfile(one, env)) };
}
