import { type MatchingId, matchingIdFrom } from '@esim-rsp/sgp22/value/matching-id';
import type { Env } from '../env.ts';
import type { Change } from './change.ts';
import { recordEvent, recordTransition } from './change.ts';
import { bySystem, type Cause } from './event.ts';
import { hasExpired, type Order, type ReusePolicy, type ReuseType } from './order.ts';
import { eidOf, type OnDevice, type Profile, type Released } from './profile.ts';
import { withoutDevice } from './transitions.ts';

type Rule = {
  /** Who may download next: the eUICC that had the Profile, any other, or any. */
  readonly eid: 'same' | 'other' | 'any';
  readonly matchingId: 'same' | 'new';
};

/** What becomes of an order when its Profile has left the device. */
export const rules: Readonly<Record<Exclude<ReuseType, 'NEVER'>, Rule>> = {
  SAME_EID_MID: { eid: 'same', matchingId: 'same' },
  SAME_EID: { eid: 'same', matchingId: 'new' },
  SAME_MID: { eid: 'any', matchingId: 'same' },
  NEW_EID: { eid: 'other', matchingId: 'same' },
  NEW_EID_MID: { eid: 'any', matchingId: 'new' },
};

/** Whether the Profile may go back to RELEASED. */
export function canReturn({ reusePolicy, reusesLeft }: Order): boolean {
  return reusePolicy.type !== 'NEVER' && reusesLeft > 0;
}

/** Unix seconds: when a Profile that leaves its device now is RELEASED again; undefined: the policy or the expiry allows no further download. */
export function returnTime(order: Order, { now }: Pick<Env, 'now'>): number | undefined {
  const returnsAt = Math.floor(now / 1000) + order.reusePolicy.cooldownSeconds;
  return canReturn(order) && !hasExpired(order, { now: returnsAt * 1000 }) ? returnsAt : undefined;
}

/**
 * The order with another reuse policy. The returns so far count: `maxCount` is never below them. A cool-down that has started gets the new
 * length, and ends without a return if the policy allows none.
 */
export function withReusePolicy(order: Order, policy: ReusePolicy): Order {
  const { returnsAt, ...kept } = order;
  const used = order.reusePolicy.maxCount - order.reusesLeft;
  const maxCount = Math.max(policy.maxCount, used);
  const changed = { ...kept, reusePolicy: { ...policy, maxCount }, reusesLeft: maxCount - used };
  if (returnsAt === undefined || !canReturn(changed)) return changed;
  return { ...changed, returnsAt: returnsAt - order.reusePolicy.cooldownSeconds + policy.cooldownSeconds };
}

/** Whether the cool-down is over. */
export function isDue({ order }: OnDevice, { now }: Pick<Env, 'now'>): boolean {
  return order.returnsAt !== undefined && order.returnsAt * 1000 <= now;
}

/**
 * Saves a Profile that has left its device: it returns at once, after its cool-down, or never. One of an upstream stays DELETED until the upstream has
 * taken back its order.
 */
export function leaveDevice(from: Profile, deleted: OnDevice, cause: Cause, env: Env): Leaving {
  const { order } = deleted;
  const { type } = order.reusePolicy;
  const returnsAt = returnTime(order, env);
  const waiting = returnsAt === undefined ? deleted : { ...deleted, order: { ...order, returnsAt } };
  const isNow = isDue(waiting, env) && from.upstream === undefined;
  const after = isNow ? returnToReleased(waiting, env) : waiting;
  const isExhausted = type !== 'NEVER' && !canReturn(order);
  return {
    after,
    save: [
      { profile: after },
      ...recordTransition(from, waiting, cause),
      ...(isExhausted
        ? [recordEvent('profile.reuse_exhausted', { from: waiting, to: after }, bySystem(env))]
        : []),
      ...(after === waiting ? [] : recordTransition(waiting, after, bySystem(env))),
    ],
  };
}

export type Leaving = { readonly after: OnDevice | Released; readonly save: readonly Change[] };

/**
 * RELEASED again, as the policy says; one return less is left. Attempts start again. An order that was found by its EID
 * and is no longer for one gets a MatchingID, because no phone would find it.
 */
export function returnToReleased(profile: OnDevice, env: Pick<Env, 'now' | 'random' | 'limits'>): Released {
  const { order } = profile;
  const { type } = order.reusePolicy;
  if (type === 'NEVER') throw new TypeError('a Profile of policy NEVER does not return');
  const rule = rules[type];
  const { eid: _eid, notEid: _notEid, returnsAt: _returnsAt, confirmationCode: code, ...kept } = order;
  const had = eidOf(profile);
  const isNew = rule.matchingId === 'new' || (order.matchingId === '' && rule.eid !== 'same');
  const matchingId: MatchingId = isNew ? matchingIdFrom(env.random(13)) : order.matchingId;
  const now = Math.floor(env.now / 1000);
  return withoutDevice(
    profile,
    {
      ...kept,
      ...(rule.eid === 'same' && had !== undefined && { eid: had }),
      ...(rule.eid === 'other' && had !== undefined && { notEid: had }),
      matchingId,
      ...(code !== undefined && {
        confirmationCode: { hash: code.hash, attemptsLeft: env.limits.confirmationCodeAttempts },
      }),
      downloadAttemptsLeft: env.limits.downloadAttempts,
      reusesLeft: order.reusesLeft - 1,
      releasedAt: now,
    },
    now,
  );
}
