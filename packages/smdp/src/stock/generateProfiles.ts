import { must, refusals } from '@esim-rsp/sgp22/status';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { Env } from '../env.ts';
import type { Decision, ProtocolFunction } from '../run.ts';
import { isInRange } from '../state/number-range.ts';
import type { Numbers } from '../state/template.ts';
import { saveNewProfile } from './createProfile.ts';
import { newSubscription, type Subscription, type SubscriptionRequest } from './subscription.ts';

const refuse = refusals({
  iccidTaken: ['8.2.1', '3.3', 'one of these ICCIDs is not available'],
});

export type GenerateProfilesRequest = SubscriptionRequest & { readonly numbers: readonly Numbers[] };

/** Makes subscriptions and puts their Profiles into stock (SGP.22 3.1.2): all of them or none. */
export const generateProfiles: ProtocolFunction<
  GenerateProfilesRequest,
  readonly Iccid[],
  readonly Subscription[]
> = {
  /** ICCIDs that are taken, or reserved for another account. */
  load: async ({ account, numbers }, reader) => {
    const iccids = numbers.map(({ iccid }) => iccid);
    const [first, last] = [iccids[0], iccids.at(-1)];
    if (first === undefined || last === undefined) return [];
    const reserved = await reader.reservedForOthers(account, first, last);
    const found = await Promise.all(iccids.map((iccid) => reader.profile(iccid)));
    return iccids.filter(
      (iccid, i) => found[i] !== undefined || reserved.some((range) => isInRange(iccid, range)),
    );
  },
  decide,
};

async function decide(
  { numbers, ...request }: GenerateProfilesRequest,
  taken: readonly Iccid[],
  env: Env,
): Promise<Decision<readonly Subscription[]>> {
  must(taken.length === 0, () => refuse.iccidTaken(`${taken[0]}, the first of ${taken.length}`));
  const made: Subscription[] = [];
  for (const number of numbers) {
    await env.pause?.();
    made.push(newSubscription(number, request, env));
  }
  return { reply: made, save: made.flatMap((one) => saveNewProfile(one, env)) };
}
