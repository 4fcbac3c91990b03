import type { Delivery, Settlement } from '../store/ports/outbox.ts';
import type { Outcome } from './channel.ts';

/** Seconds before the second attempt, the third …; the last one counts for all further ones. */
const PAUSES = [1, 3, 10, 30, 120, 300, 900];
const LONGEST_WISH = 3600;
/** How long it is tried. */
export const PATIENCE_MS = 3 * 24 * 3_600_000;

/** What a delivery becomes after an attempt. `spread`, from 0 to 1, keeps those that failed together apart. */
export function settlementOf(
  { attempts, createdAt, nextAttemptAt }: Delivery,
  outcome: Outcome,
  now: number,
  spread: number,
): Settlement {
  if (outcome.state === 'delivered') return { state: 'delivered', nextAttemptAt, lastStatus: outcome.status };
  if (outcome.state === 'skipped') return { state: 'skipped', nextAttemptAt, lastError: outcome.error };
  const { status, error, retryAfter = 0 } = outcome;
  const pause = (PAUSES[attempts - 1] ?? PAUSES.at(-1) ?? 0) * (1 + spread / 4);
  const next = now + Math.max(pause, Math.min(retryAfter, LONGEST_WISH)) * 1000;
  return {
    state: next > createdAt + PATIENCE_MS ? 'failed' : 'pending',
    nextAttemptAt: Math.round(next),
    lastError: error,
    ...(status !== undefined && { lastStatus: status }),
  };
}
