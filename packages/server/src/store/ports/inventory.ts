import type { ProfileState } from '@esim-rsp/smdp/state/profile';
import type { ShownProfile } from './shown-profile.ts';

/** What a list is sorted by; by ICCID among equals. */
export type InventoryOrder = 'iccid' | 'imsi' | 'changedAt';

/** A place between two profiles of a list: `value` is what it is sorted by, absent where that is the ICCID. */
export type Place = { readonly value?: string | number; readonly iccid: string };

export type InventoryFilter = {
  readonly account: string;
  readonly states?: readonly ProfileState[];
  readonly profileType?: string;
  readonly eid?: string;
  readonly imsi?: string;
  readonly imsiPrefix?: string;
  readonly iccidPrefix?: string;
  /** Unix seconds. */
  readonly changedSince?: number;
  readonly order: InventoryOrder;
  readonly descending: boolean;
  /** Only what comes after it. */
  readonly after?: Place;
  readonly count: number;
};

/** `next`: where to go on. A page may have fewer than `count` although there is more: only so many profiles are looked at. */
export type InventoryPage = { readonly profiles: readonly ShownProfile[]; readonly next?: Place };

/** How many profiles of a type are in a state. */
export type TypeCount = {
  readonly profileType: string;
  readonly state: ProfileState;
  readonly count: number;
};

export interface InventoryStore {
  /** Every type of the account's profiles with every state that it has profiles in, in this order. They are counted one by one. */
  profileTypes(account: string): Promise<readonly TypeCount[]>;
  /** A page of an account's profiles, in a time that does not grow with their number. */
  inventory(filter: InventoryFilter): Promise<InventoryPage>;
}
