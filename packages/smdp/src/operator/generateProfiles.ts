import { unprintable } from '@esim-rsp/sgp22/crypto/secret';
import {
  completeParameters,
  type GivenParameters,
  type ProfileParameters,
} from '@esim-rsp/sgp22/profile/build';
import { must, refusals } from '@esim-rsp/sgp22/status';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { Change, Decision, Env, ProtocolFunction } from '../ports.ts';
import type { Numbers } from './number-ranges.ts';
import { type StockProfileRequest, stockProfile } from './stockProfile.ts';

const refuse = refusals({
  iccidTaken: ['8.2.1', '3.3', 'a profile with one of these ICCIDs is stocked already'],
});

export type GenerateProfilesRequest = Omit<StockProfileRequest, 'content' | 'protection'> & {
  readonly numbers: readonly Numbers[];
  /** What all of them have in common. */
  readonly common: Omit<GivenParameters, keyof Numbers | 'ki' | 'opc'>;
};

/** Makes subscriptions with keys that are drawn, and puts their Profiles into stock (SGP.22 3.1.2): all of them or none. */
export const generateProfiles: ProtocolFunction<
  GenerateProfilesRequest,
  readonly Iccid[],
  readonly ProfileParameters[]
> = {
  /** ICCIDs that are taken. */
  load: async ({ numbers }, reader) => {
    const found = await Promise.all(numbers.map(({ iccid }) => reader.profile(iccid)));
    return found.flatMap((profile) => (profile === undefined ? [] : [profile.iccid]));
  },
  decide,
};

async function decide(
  { numbers, common, ...request }: GenerateProfilesRequest,
  taken: readonly Iccid[],
  env: Env,
): Promise<Decision<readonly ProfileParameters[]>> {
  must(taken.length === 0, () => refuse.iccidTaken(`${taken[0]}, the first of ${taken.length}`));
  const made: ProfileParameters[] = [];
  const save: Change[] = [];
  for (const number of numbers) {
    const opc = env.random(common.algorithm === 'tuak' ? 32 : 16);
    const given = unprintable('ProfileParameters', { ...common, ...number, ki: env.random(16), opc });
    const parameters = completeParameters(given, env.random);
    const wish = { ...request, content: { parameters } };
    const stocked = await stockProfile.decide(wish, { identity: parameters, existing: undefined }, env);
    made.push(parameters);
    save.push(...stocked.save);
  }
  return { reply: made, save };
}
