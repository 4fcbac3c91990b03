import type { Eid } from '@esim-rsp/sgp22/value/eid';
import type { Iccid } from '@esim-rsp/sgp22/value/iccid';
import type { Binding, OrderId } from './order.ts';
import { type Device, orderOf, type Profile } from './profile.ts';

/**
 * What one eUICC does with a Profile whose order is reusable. Any number of eUICCs use such an order at the same time, so each has a
 * record of its own, and the record of the Profile is not written for it.
 */
export type Use = {
  readonly iccid: Iccid;
  readonly eid: Eid;
  /** The order that is used. A use of an earlier order is over. */
  readonly orderId?: OrderId;
  /** There from the first package on until the result of the installation: for a retry with the same one-time key. */
  readonly binding?: Binding;
  /** What the eUICC last reported. */
  readonly device?: Device;
  /** Number of saves so far; 0: not saved yet. */
  readonly version: number;
};

/** The use of the order that the Profile has now; undefined if its order is not reusable. */
export function currentUse(profile: Profile | undefined, eid: Eid, stored: Use | undefined): Use | undefined {
  const order = profile && orderOf(profile);
  if (profile === undefined || order?.reusable !== true) return undefined;
  if (stored !== undefined && stored.orderId === order.id) return stored;
  const { id } = order;
  const version = stored?.version ?? 0;
  return { iccid: profile.iccid, eid, ...(id !== undefined && { orderId: id }), version };
}

/** The download is over: its one-time key is never needed again. */
export function endDownload({ binding: _, ...use }: Use): Use {
  return use;
}
