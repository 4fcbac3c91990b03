import type { Logger } from 'pino';
import type { IdempotencyStore } from '../store/ports/idempotency.ts';
import type { OutboxStore } from '../store/ports/outbox.ts';
import type { SessionStore } from '../store/ports/sessions.ts';

const INTERVAL_SECONDS = 60;
/** Deliveries per run, so that no commit takes long. The next run deletes the rest. */
const MAX_PER_RUN = 10_000;

export type ExpiryJob = {
  readonly store: SessionStore & IdempotencyStore & OutboxStore;
  readonly log: Logger;
  /** How long an expired session can still be read. */
  readonly keepHours: number;
  /** How long responses to requests with an Idempotency-Key are stored. */
  readonly idempotencyHours: number;
  /** How long finished deliveries are stored. */
  readonly deliveryDays: number;
};

/** Starts a job that deletes old sessions, stored responses and finished deliveries once a minute. The returned function stops it and waits for the current run. */
export function startExpiryJob(expiry: ExpiryJob): () => Promise<void> {
  let running = Promise.resolve();
  const timer = setInterval(() => {
    running = running.then(() => removeExpired(expiry));
  }, INTERVAL_SECONDS * 1000);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await running;
  };
}

/** One run. An error is logged and the next run tries again: expired sessions are refused in any case. */
async function removeExpired({
  store,
  log,
  keepHours,
  idempotencyHours,
  deliveryDays,
}: ExpiryJob): Promise<void> {
  try {
    const removed = await store.deleteExpiredSessions(Date.now() - keepHours * 3_600_000);
    if (removed > 0) log.debug({ removed }, 'expired sessions deleted');
    await store.deleteRequestsBefore(Date.now() - idempotencyHours * 3_600_000);
    await store.deleteOldDeliveries(Date.now() - deliveryDays * 86_400_000, MAX_PER_RUN);
  } catch (error) {
    log.error({ err: error }, 'expired sessions could not be deleted');
  }
}
