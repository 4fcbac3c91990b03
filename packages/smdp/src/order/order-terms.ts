import { toHex } from '@esim-rsp/codec';
import { confirmationCodeHash } from '@esim-rsp/sgp22/value/confirmation-code';
import type { Eid } from '@esim-rsp/sgp22/value/eid';
import { type MatchingId, matchingIdFrom } from '@esim-rsp/sgp22/value/matching-id';
import { ValueError } from '@esim-rsp/sgp22/value/value-error';
import type { Env } from '../env.ts';
import type { Order, OrderId, ReusePolicy } from '../state/order.ts';

/** The options of an order. ES2+ has the first three. */
export type OrderTerms = {
  /** The only eUICC that may download; absent: the first one that does. */
  readonly eid?: Eid;
  /** Absent: one is generated. Empty: the device finds the order by its EID (default SM-DP+). */
  readonly matchingId?: MatchingId;
  readonly confirmationCode?: string;
  readonly reusePolicy?: ReusePolicy;
  /** Unix seconds: in the future, at most ten years ahead. */
  readonly expiresAt?: number;
  readonly reusable?: boolean;
};

const noReuse: ReusePolicy = { type: 'NEVER', maxCount: 0, cooldownSeconds: 0 };
const TEN_YEARS = 315_360_000;

/** Returns the time if an order can expire then; throws a ValueError otherwise. */
export function checkExpiry(expiresAt: number, now: number): number {
  if (expiresAt <= now) throw new ValueError('expires_at has passed already');
  if (expiresAt > now + TEN_YEARS) throw new ValueError('expires_at is at most ten years ahead');
  return expiresAt;
}

/** The order with another expiry in Unix seconds; null: it never expires; undefined: as before. */
export function withExpiry(
  order: Order,
  expiresAt: number | null | undefined,
  { now }: Pick<Env, 'now'>,
): Order {
  if (expiresAt === undefined) return order;
  const { expiresAt: _before, ...kept } = order;
  return expiresAt === null ? kept : { ...kept, expiresAt: checkExpiry(expiresAt, Math.floor(now / 1000)) };
}

/** Creates an order. */
export function createOrder(
  { eid, matchingId, confirmationCode, expiresAt, reusable, reusePolicy = noReuse }: OrderTerms,
  env: Env,
): Order {
  return {
    id: toHex(env.random(8)) as OrderId,
    ...(eid !== undefined && { eid }),
    matchingId: matchingId ?? matchingIdFrom(env.random(13)),
    ...(confirmationCode !== undefined && {
      confirmationCode: {
        hash: confirmationCodeHash(confirmationCode),
        attemptsLeft: env.limits.confirmationCodeAttempts,
      },
    }),
    ...(expiresAt !== undefined && { expiresAt: checkExpiry(expiresAt, Math.floor(env.now / 1000)) }),
    ...(reusable === true && { reusable }),
    downloadAttemptsLeft: env.limits.downloadAttempts,
    reusePolicy,
    reusesLeft: reusePolicy.maxCount,
  };
}
