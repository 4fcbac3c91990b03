import type { Log } from '../log/log.ts';
import type { IdempotencyStore } from '../store/ports/idempotency.ts';
import type { OutboxStore } from '../store/ports/outbox.ts';
import type { SessionStore } from '../store/ports/sessions.ts';
import { startJob } from './job.ts';

const INTERVAL_MS = 60_000;
/** Rows per statement, so that requests in between do not wait. */
const SLICE = 500;
/**
 * The clocks of servers that share a store differ by less. A session that one deletes would otherwise be unknown while its
 * TransactionID is valid for another, and could be opened again.
 */
const CLOCK_DIFFERENCE_MS = 300_000;

export type ExpiryJob = {
  readonly store: SessionStore & IdempotencyStore & OutboxStore;
  readonly log: Log;
  /** How long an expired session can still be read. */
  readonly keepHours: number;
  /** How long responses to requests with an Idempotency-Key are stored. */
  readonly idempotencyHours: number;
  /** How long finished deliveries are stored. */
  readonly deliveryDays: number;
};

/** Starts a job that deletes old sessions, stored responses and finished deliveries once a minute. The returned function stops it and waits for the current run. */
export function startExpiryJob(expiry: ExpiryJob): () => Promise<void> {
  return startJob('expiry', { everyMs: INTERVAL_MS, isDelayed: true }, () => removeExpired(expiry));
}

/** Sessions that expired before that time can be deleted (Unix milliseconds). */
export function deletableBefore(now: number, keepHours: number): number {
  return now - Math.max(keepHours * 3_600_000, CLOCK_DIFFERENCE_MS);
}

/** Deletes until a slice is not full; resolves to the number of rows. */
export async function deleteInSlices(deleteSome: (most: number) => Promise<number>): Promise<number> {
  let sum = 0;
  for (;;) {
    const deleted = await deleteSome(SLICE);
    sum += deleted;
    if (deleted < SLICE) return sum;
  }
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
    const expired = deletableBefore(Date.now(), keepHours);
    const removed = await deleteInSlices((most) => store.deleteExpiredSessions(expired, most));
    if (removed > 0) log.debug('expired sessions were deleted', { count: removed });
    const [startedBefore, finishedBefore] = [
      Date.now() - idempotencyHours * 3_600_000,
      Date.now() - deliveryDays * 86_400_000,
    ];
    await deleteInSlices((most) => store.deleteRequestsBefore(startedBefore, most));
    await deleteInSlices((most) => store.deleteOldDeliveries(finishedBefore, most));
  } catch (error) {
    log.error(
      'old sessions, stored answers or deliveries could not be deleted; the server tries again in a minute',
      { err: error },
    );
  }
}
