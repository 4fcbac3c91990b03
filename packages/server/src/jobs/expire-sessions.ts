import type { Logger } from 'pino';
import type { ServerStore } from '../store/store.ts';

const EVERY_SECONDS = 60;
/** Deliveries: what is left over goes with the next run, so that no commit takes long. */
const MOST_AT_ONCE = 10_000;

export type Expiry = {
  readonly store: ServerStore;
  readonly log: Logger;
  /** How long an expired session is kept to be looked at. */
  readonly keepHours: number;
  /** How long the answers to requests with an Idempotency-Key are kept. */
  readonly idempotencyHours: number;
  /** How long the log of deliveries goes back. */
  readonly deliveryDays: number;
};

/** Removes sessions that expired, answers that were kept and deliveries that were settled long enough ago, once a minute. The result stops it and waits for a run under way. */
export function expireSessions(expiry: Expiry): () => Promise<void> {
  let underWay = Promise.resolve();
  const timer = setInterval(() => {
    underWay = underWay.then(() => expire(expiry));
  }, EVERY_SECONDS * 1000);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await underWay;
  };
}

/** A failed run is logged and tried again with the next one: an expired session is dead either way. */
async function expire({ store, log, keepHours, idempotencyHours, deliveryDays }: Expiry): Promise<void> {
  try {
    const removed = await store.removeExpiredSessions(Date.now() - keepHours * 3_600_000);
    if (removed > 0) log.debug({ removed }, 'expired sessions removed');
    await store.removeIdempotentBefore(Date.now() - idempotencyHours * 3_600_000);
    await store.removeOldDeliveries(Date.now() - deliveryDays * 86_400_000, MOST_AT_ONCE);
  } catch (error) {
    log.error({ err: error }, 'expired sessions could not be removed');
  }
}
