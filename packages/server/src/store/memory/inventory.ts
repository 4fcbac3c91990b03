import { eidOf, type Profile } from '@esim-rsp/smdp/state/profile';
import type { InventoryFilter, InventoryStore, Place, TypeCount } from '../ports/inventory.ts';
import { shownProfile } from '../ports/shown-profile.ts';
import { boundsOf, iccidsOf, imsisOf, isBefore } from '../sqlite/inventory-bounds.ts';

export function memoryInventory(profiles: ReadonlyMap<string, Profile>): InventoryStore {
  return {
    profileTypes: async (account) => typesOf([...profiles.values()].filter((one) => one.account === account)),
    inventory: async (filter) => {
      const [low, high] = boundsOf(filter);
      const place = (profile: Profile) => placeOf(profile, filter);
      const found = [...profiles.values()]
        .filter((profile) => isMeant(profile, filter))
        .filter((profile) => isBefore(low, place(profile)) && isBefore(place(profile), high))
        .sort((a, b) => (isBefore(place(a), place(b)) === filter.descending ? 1 : -1));
      const page = found.slice(0, filter.count);
      const last = page.at(-1);
      return {
        profiles: page.map(shownProfile),
        ...(last && found.length > page.length && { next: place(last) }),
      };
    },
  };
}

function typesOf(profiles: readonly Profile[]): readonly TypeCount[] {
  const counts = new Map<string, TypeCount>();
  for (const { profileType, state } of profiles) {
    if (profileType === undefined) continue;
    const key = `${profileType}\0${state}`;
    counts.set(key, { profileType, state, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, count]) => count);
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
