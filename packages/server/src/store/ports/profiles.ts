import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { Reader } from '@esim-rsp/smdp/ports';
import type { Profile } from '@esim-rsp/smdp/state/profile';

export type ImsiAndIccid = { readonly imsi: string; readonly iccid: Iccid };

/** Numbers that are looked up together. */
export const MOST_AT_ONCE = 64;

/** Whole profiles, and what eUICCs do with those of reusable orders, as the functions of the SM-DP+ read them. */
export interface ProfileStore
  extends Pick<
    Reader,
    | 'profile'
    | 'profileByMatchingId'
    | 'profilesWaitingFor'
    | 'availableOfType'
    | 'knowsType'
    | 'takenIccids'
    | 'profileOrderedBy'
    | 'isFormerCall'
    | 'hasFormer'
    | 'use'
  > {
  /**
   * For each pair of numbers, another profile of the account that has the IMSI and is not out of use; undefined: there is none. Where many
   * profiles have one IMSI, the store examines the first hundred. `numbers`: MOST_AT_ONCE at most.
   */
  imsiHolders(account: string, numbers: readonly ImsiAndIccid[]): Promise<readonly (Iccid | undefined)[]>;
  /**
   * Those of the account's profiles, by ICCID and `most` of them, whose order at an upstream has this MatchingID, byte for byte: that of their order, or of
   * one that is kept ready. Vendors may choose the same.
   */
  profilesByUpstreamMatchingId(
    account: string,
    matchingId: string,
    most: number,
  ): Promise<readonly Profile[]>;
  /** Profiles that something is due for at `now` (Unix seconds): a cool-down is over, or a RELEASED order for one download has expired. */
  profilesDue(now: number, count: number): Promise<readonly Iccid[]>;
}

/** Profile packages, or the parameters to build them from. They are saved with their profile. */
export type ContentStore = Pick<Reader, 'content'>;
