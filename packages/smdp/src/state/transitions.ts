import type { StatusCode } from '@esim-rsp/sgp22/status';
import type { Eid } from '@esim-rsp/sgp22/value/eid';
import type { Env } from '../env.ts';
import type { Calls } from './calls.ts';
import { devicesAfterLeaving, withEarlierDevice } from './earlier-devices.ts';
import type { Binding, Order } from './order.ts';
import type {
  Confirmed,
  Downloaded,
  Failed,
  OnDevice,
  Profile,
  Released,
  Reserved,
  Stock,
  Stocked,
} from './profile.ts';

/** The transitions of a Profile (SGP.22 3.1.6): each takes the state it starts from and returns a new value. Times are Unix seconds. */

/** The members of Stock: one that is missing here does not compile, and would be lost by the first transition. */
type WholeStock = { readonly [K in keyof Required<Stock>]: Stock[K] | undefined };

function stock(profile: Profile, now: number): Stock {
  const { iccid, account, imsi, metadata, protection, version } = profile;
  const { upstream, operation, msisdn, profileType, needs, calls, es2Calls, earlierDevices } = profile;
  const whole: WholeStock = {
    ...{ iccid, account, upstream, operation, imsi, msisdn, profileType, metadata, protection },
    ...{ needs, calls, es2Calls, earlierDevices, changedAt: now, version },
  };
  return Object.fromEntries(Object.entries(whole).filter(([, value]) => value !== undefined)) as Stock;
}

/** No eUICC has the Profile any more, or its package. */
function stockWithoutEuicc(profile: Profile, now: number) {
  const earlierDevices = devicesAfterLeaving(profile);
  return { ...stock(profile, now), ...(earlierDevices !== undefined && { earlierDevices }) };
}

/** Adds the call that requested the new state. */
function addCalls<P extends Profile>(profile: P, calls: Calls): P {
  return { ...profile, calls: { ...profile.calls, ...calls } };
}

/** ES2+.DownloadOrder: AVAILABLE becomes ALLOCATED, or LINKED when the EID is known. A new order knows no earlier calls. */
export function reserve(profile: Stocked, eid: Eid | undefined, now: number, calls?: Calls): Reserved {
  const { calls: _earlier, ...base } = stock(profile, now);
  const known = { ...base, ...(calls !== undefined && { calls }) };
  return eid === undefined ? { ...known, state: 'ALLOCATED' } : { ...known, state: 'LINKED', eid };
}

/** ES2+.ConfirmOrder: the MatchingID is fixed. */
export function confirm(profile: Reserved, order: Order, now: number, calls: Calls = {}): Confirmed {
  return addCalls({ ...stock(profile, now), state: 'CONFIRMED', order }, calls);
}

/** ES2+.ReleaseProfile: downloadable from now on. */
export function release(profile: Confirmed, now: number, calls: Calls = {}): Released {
  const order = { ...profile.order, releasedAt: now };
  return addCalls({ ...stock(profile, now), state: 'RELEASED', order }, calls);
}

/** ES2+.CancelOrder: the order is gone with all that belonged to it; nothing was handed out that could be installed. */
export function cancel(
  profile: Reserved | Confirmed | Released,
  state: Stocked['state'],
  now: number,
  calls?: Calls,
): Stocked {
  const { calls: _earlier, ...base } = stockWithoutEuicc(profile, now);
  return { ...base, ...(calls !== undefined && { calls }), state };
}

/** Out of an order, or in use no longer: back into stock, or taken out of use. */
export function stockAgain(profile: Profile, state: Stocked['state'], now: number): Stocked {
  const { calls: _earlier, ...base } = stockWithoutEuicc(profile, now);
  return { ...base, state };
}

/** A download that failed, or whose result got lost, may restart: attempts are back, no eUICC is bound to it. */
export function releaseAgain(
  profile: Downloaded | Failed,
  { now, limits }: Pick<Env, 'now' | 'limits'>,
): Released {
  const { confirmationCode: code, ...order } = profile.order;
  const at = Math.floor(now / 1000);
  return withoutDevice(
    profile,
    {
      ...order,
      ...(code !== undefined && {
        confirmationCode: { hash: code.hash, attemptsLeft: limits.confirmationCodeAttempts },
      }),
      downloadAttemptsLeft: limits.downloadAttempts,
      releasedAt: at,
    },
    at,
  );
}

/** RELEASED under this order, on no device and bound to none. */
export function withoutDevice(profile: Profile, order: Order, now: number): Released {
  return { ...stockWithoutEuicc(profile, now), state: 'RELEASED', order };
}

/** The order changed, the state did not: a wrong confirmation code was counted. */
export function withOrder<P extends Released | Downloaded>(profile: P, order: Order): P {
  return { ...profile, order };
}

/** A download begins. That of a reusable order is not counted. */
export function countAttempt<P extends Released | Downloaded>(profile: P): P {
  const { order } = profile;
  if (order.reusable) return profile;
  return withOrder(profile, { ...order, downloadAttemptsLeft: order.downloadAttemptsLeft - 1 });
}

/**
 * A Bound Profile Package was handed out; handing it out again is no change of state. A reusable order binds to no eUICC:
 * others may download at the same time.
 */
export function download(
  profile: Released | Downloaded,
  binding: Binding,
  now: number,
): Released | Downloaded {
  if (profile.order.reusable) return profile;
  const changedAt = profile.state === 'DOWNLOADED' ? profile.changedAt : now;
  const isRetry = profile.binding === undefined || profile.binding === binding;
  const base = isRetry ? stock(profile, changedAt) : stockWithoutEuicc(profile, changedAt);
  return { ...base, state: 'DOWNLOADED', order: profile.order, binding };
}

/** The download was put off: the order waits again, and the binding is kept for the same eUICC. */
export function postpone(profile: Released | Downloaded, now: number): Released {
  if (profile.state === 'RELEASED') return profile;
  const { order, binding } = profile;
  return { ...stock(profile, now), state: 'RELEASED', order, binding };
}

/**
 * The download ended for good without an installed Profile. The one-time key goes: it is never needed again. `proof`: the eUICC has signed
 * that it installed nothing.
 */
export function fail(
  profile: Released | Downloaded | Failed,
  reason: StatusCode,
  now: number,
  proof?: { readonly eid: Eid; readonly seqNumber: number },
): Released | Failed {
  const { order } = profile;
  if (order.reusable) return { ...stock(profile, now), state: 'RELEASED', order, reason };
  const failed: Failed = { ...stockWithoutEuicc(profile, now), state: 'ERROR', order, reason };
  if (proof === undefined) return failed;
  const device = { eid: proof.eid, lastSeqNumber: proof.seqNumber, isDeleted: true };
  return { ...failed, earlierDevices: withEarlierDevice(failed, device) };
}

/** An eUICC reported the state of the Profile; `seqNumber` orders its reports. The same again is no change of state. */
export function report(
  profile: Released | Downloaded | OnDevice | Failed,
  state: OnDevice['state'],
  { eid, seqNumber }: { readonly eid: Eid; readonly seqNumber: number },
  now: number,
): Released | OnDevice {
  const { order } = profile;
  const device = { eid, lastSeqNumber: seqNumber, lastNotificationAt: now };
  if (order.reusable)
    return { ...stock(profile, now), state: 'RELEASED', order, device: { ...device, state } };
  const changedAt = profile.state === state ? profile.changedAt : now;
  return { ...stock(profile, changedAt), state, order, device };
}
