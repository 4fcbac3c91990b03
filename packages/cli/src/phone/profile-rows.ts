import type { ListedProfile } from '@esim-rsp/euicc';
import type { Columns } from '../table.ts';

/** How commands list the profiles on a phone. */
export const profileColumns: Columns = {
  names: ['iccid', 'state', 'provider', 'profile'],
  dropFirst: ['provider'],
};

export function profileRow({ iccid, state, serviceProviderName, profileName }: ListedProfile): string[] {
  return [iccid, state, serviceProviderName, profileName];
}

export function profileJson(profile: ListedProfile) {
  return {
    iccid: profile.iccid,
    aid: profile.aid,
    state: profile.state,
    profile_name: profile.profileName,
    service_provider_name: profile.serviceProviderName,
    profile_class: profile.profileClass,
  };
}
