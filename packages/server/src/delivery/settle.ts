import type { Delivery, Settlement } from '../store/ports/outbox.ts';
import type { Outcome } from './channel.ts';
import { MAX_RETRY_AFTER_SECONDS } from './target-queue.ts';

/** Seconds before the second attempt, the third, and so on; the last value is used for all later attempts. */
const RETRY_SECONDS = [1, 3, 10, 30, 120, 300, 900];
/** A delivery fails for good when it is not delivered within this time: three days. */
export const GIVE_UP_AFTER_MS = 3 * 24 * 3_600_000;

/**
 * The state of a delivery after an attempt, and the time of the next attempt. `now`: Unix milliseconds. `spread`, from 0 to
 * 1, lengthens the wait by up to a quarter, so that deliveries that failed together are not repeated together.
 */
export function settleAttempt(
  { attempts, createdAt, nextAttemptAt }: Delivery,
  outcome: Outcome,
  now: number,
  spread: number,
): Settlement {
  if (outcome.state === 'delivered')
    return {
      state: 'delivered',
      nextAttemptAt,
      ...(outcome.status !== undefined && { lastStatus: outcome.status }),
    };
  if (outcome.state === 'skipped') return { state: 'skipped', nextAttemptAt, lastError: outcome.error };
  if (outcome.state === 'rejected')
    return { state: 'failed', nextAttemptAt, lastStatus: outcome.status, lastError: outcome.error };
  const { status, error, retryAfter = 0 } = outcome;
  const pause = (RETRY_SECONDS[attempts - 1] ?? RETRY_SECONDS.at(-1) ?? 0) * (1 + spread / 4);
  const next = now + Math.max(pause, Math.min(retryAfter, MAX_RETRY_AFTER_SECONDS)) * 1000;
  return {
    state: next > createdAt + GIVE_UP_AFTER_MS ? 'failed' : 'pending',
    nextAttemptAt: Math.round(next),
    lastError: error,
    ...(status !== undefined && { lastStatus: status }),
  };
}
