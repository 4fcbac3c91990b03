import type { LinkedOrder } from './order.ts';
import { orderOf, type Profile } from './profile.ts';

/** What changes the install links of an order together with its Profile. */
export type InstallLinkChange =
  /** Another order takes the place of this one: its links lead there from now on. Nothing is written if it has none. */
  | { readonly from: LinkedOrder; readonly to: LinkedOrder; readonly at: number }
  /** The customer asks for help; the save is `stale` if the link is gone, or the customer has asked later than `notSince`. */
  | { readonly hash: string; readonly askedAt: number; readonly notSince: number };

export function linkedOrderOf(profile: Profile): LinkedOrder {
  const order = orderOf(profile)?.id;
  return { iccid: profile.iccid, ...(order !== undefined && { order }) };
}
