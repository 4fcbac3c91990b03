import { readAkaKeys } from '@esim-rsp/sgp22/profile/read-aka';
import { readProfileSecrets } from '@esim-rsp/sgp22/profile/secrets';
import type { Profile } from '@esim-rsp/smdp/state/profile';
import type { ContentStore, ProfileStore } from '../../store/ports/profiles.ts';
import type { Services } from '../frame/operation.ts';
import { ownedProfile } from '../profiles/owned-profile.ts';
import { packageOf } from '../profiles/package-of.ts';
import { type GeneratedSubscription, subscriptionResponse } from './subscription.ts';

/**
 * A generated subscription as the answer showed it that got lost, from the package of its profile. Only for a repeat of the request that
 * generated it: no other caller gets it. undefined: the package is gone.
 */
export async function generatedAgain(
  services: Services<Pick<ProfileStore, 'profile'> & ContentStore>,
  account: string,
  iccid: string,
): Promise<GeneratedSubscription | undefined> {
  const profile = await ownedProfile(services, account, iccid);
  const content = await services.store.content(profile.iccid);
  if (content === undefined) return undefined;
  return 'parameters' in content
    ? subscriptionResponse(content.parameters)
    : subscriptionIn(packageOf(content), profile);
}

/** All of them; undefined: one of their packages is gone. */
export async function allGeneratedAgain(
  services: Services<Pick<ProfileStore, 'profile'> & ContentStore>,
  account: string,
  iccids: readonly string[],
): Promise<readonly GeneratedSubscription[] | undefined> {
  const all: GeneratedSubscription[] = [];
  for (const iccid of iccids) {
    const one = await generatedAgain(services, account, iccid);
    if (one === undefined) return undefined;
    all.push(one);
  }
  return all;
}

/** Reads from a generated package, which has all of them, what was put into it. */
function subscriptionIn(
  upp: Uint8Array,
  { iccid, imsi, msisdn }: Profile,
): GeneratedSubscription | undefined {
  const keys = readAkaKeys(upp);
  const { pin1, pin2, puk1, puk2, adm1, otaKeys } = readProfileSecrets(upp);
  const { kic, kid, kik } = otaKeys[0] ?? {};
  if (keys === undefined || adm1 === undefined || kic === undefined || kid === undefined || kik === undefined)
    return undefined;
  if (pin1 === undefined || pin2 === undefined || puk1 === undefined || puk2 === undefined) return undefined;
  return subscriptionResponse({
    ...{ iccid, imsi, ...(msisdn !== undefined && { msisdn }) },
    ...{ algorithm: keys.algorithm, ki: keys.k, opc: keys.opc },
    ...{ pin1, pin2, puk1, puk2, adm1, kic1: kic, kid1: kid, kik1: kik },
  });
}
