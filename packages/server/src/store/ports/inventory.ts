import type { NotFromCaller } from '@esim-rsp/smdp/from-caller';
import type { ProfileState } from '@esim-rsp/smdp/state/profile';
import type { ProfileView } from './profile-view.ts';

/** What a list is sorted by; equal values are sorted by ICCID. */
export type InventoryOrder = 'iccid' | 'imsi' | 'changedAt';

/** A position between two profiles of a list. `value` is what the list is sorted by; absent where that is the ICCID. */
export type ListPosition = { readonly value?: string | number; readonly iccid: string };

/** Sealed values are opened only where they are shown: without codes, the orders of views have no MatchingID. */
export type CodesFilter = { readonly withoutCodes?: boolean };

export type InventoryFilter = NotFromCaller &
  CodesFilter & {
    readonly account: string;
    readonly states?: readonly ProfileState[];
    readonly profileType?: string;
    readonly eid?: string;
    readonly imsi?: string;
    /** Digits, as msisdnDigits returns them. */
    readonly msisdnDigits?: string;
    readonly imsiPrefix?: string;
    readonly iccidPrefix?: string;
    /** Unix seconds. */
    readonly changedSince?: number;
    /** Unix seconds: changed before that. */
    readonly changedUntil?: number;
    readonly order: InventoryOrder;
    readonly descending: boolean;
    /** Only the profiles after this position. */
    readonly after?: ListPosition;
    readonly count: number;
  };

/**
 * `next`: where the next page begins. A page is full, or it is the last one, or the search ended early: the store examines a limited
 * number of profiles for each page.
 */
export type InventoryPage = {
  readonly profiles: readonly ProfileView[];
  readonly next?: ListPosition;
  readonly isSearchLimited: boolean;
};

/** The number of profiles of a type in a state. */
export type TypeCount = {
  readonly profileType: string;
  readonly state: ProfileState;
  readonly count: number;
};

export type TypeFilter = NotFromCaller & {
  readonly account: string;
  /** Only types that sort after this one, by their octets in UTF-8. */
  readonly after?: string;
  /** At most this many pairs of a type and a state are examined; 20 at least. */
  readonly most: number;
};
/** `next`: the last type that was examined, if there may be more. */
export type TypePage = { readonly counts: readonly TypeCount[]; readonly next?: string };

export type ProfileFilter = NotFromCaller &
  CodesFilter & {
    readonly account: string;
    readonly state?: ProfileState;
    readonly count: number;
    readonly offset: number;
  };
export type ProfileList = {
  readonly total: number;
  readonly profiles: readonly ProfileView[];
  /** Where the list continues by ICCID, if the page left out profiles that cannot be read and is not the last. */
  readonly next?: ListPosition;
};

/** Profiles as their owner sees them. */
export interface InventoryStore {
  /** undefined: the account has no profile with this ICCID. */
  profileView(account: string, iccid: string): Promise<ProfileView | undefined>;
  /** One account's profiles by ICCID, `count` of them from `offset` on, and how many there are. */
  listProfiles(filter: ProfileFilter): Promise<ProfileList>;
  /** A page of an account's profiles. The time it takes does not grow with their number. */
  searchProfiles(filter: InventoryFilter): Promise<InventoryPage>;
  /** The types of the account's profiles, with each state that they have profiles in, sorted by both: a page of them. */
  profileTypes(filter: TypeFilter): Promise<TypePage>;
}
