import { eidOf, type Profile } from '@esim-rsp/smdp/state/profile';
import { boundsOf, iccidsOf, imsisOf, isBefore } from './bounds.ts';
import type { InventoryFilter, InventoryStore, Place } from './port.ts';

export function memoryInventory(profiles: ReadonlyMap<string, Profile>): InventoryStore {
  return {
    inventory: async (filter) => {
      const [low, high] = boundsOf(filter);
      const place = (profile: Profile) => placeOf(profile, filter);
      const found = [...profiles.values()]
        .filter((profile) => isMeant(profile, filter))
        .filter((profile) => isBefore(low, place(profile)) && isBefore(place(profile), high))
        .sort((a, b) => (isBefore(place(a), place(b)) === filter.descending ? 1 : -1));
      const page = found.slice(0, filter.count);
      const last = page.at(-1);
      return { profiles: page, ...(last && found.length > page.length && { next: place(last) }) };
    },
  };
}

function placeOf({ iccid, imsi, changedAt }: Profile, { order }: InventoryFilter): Place {
  const value = { iccid: undefined, imsi, changedAt }[order];
  return value === undefined ? { iccid } : { value, iccid };
}

function isMeant(profile: Profile, filter: InventoryFilter): boolean {
  const { account, states, profileType, eid, changedSince = 0 } = filter;
  const within = (text: string, [least, greatest]: readonly [string, string]) =>
    least <= text && text <= greatest;
  return (
    profile.account === account &&
    (states?.includes(profile.state) ?? true) &&
    (profileType === undefined || profile.profileType === profileType) &&
    (eid === undefined || eidOf(profile) === eid) &&
    within(profile.imsi, imsisOf(filter)) &&
    within(profile.iccid, iccidsOf(filter)) &&
    profile.changedAt >= changedSince
  );
}
