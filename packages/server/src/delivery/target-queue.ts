/** The queue of one target: how many workers send to it, and whether it is paused. In memory only; the deliveries are in the outbox. */
export type TargetQueue = {
  workers: number;
  /** Attempts in a row that failed (no response, status 429 or 5xx) or took long. */
  troubles: number;
  /** Unix milliseconds: no attempt starts before. A success ends this pause. */
  pausedUntil: number;
  /** Unix milliseconds: the target has asked for this pause (Retry-After). */
  closedUntil: number;
};

const MAX_WORKERS = 8;
/** After this many troubles in a row the queue is paused between attempts. */
const MAX_TROUBLES = 3;
const MAX_PAUSE_MS = 60_000;
/** Longest pause that a target can ask for. */
export const MAX_RETRY_AFTER_SECONDS = 3600;
/** A response that takes longer is a trouble, although it is a success: it keeps a slot from others. */
const SLOW_MS = 2000;

export function newTargetQueue(): TargetQueue {
  return { workers: 0, troubles: 0, pausedUntil: 0, closedUntil: 0 };
}

/** A healthy target gets up to 8 workers, one that keeps failing gets one. `now`: Unix milliseconds. */
export function canStartWorker(
  { workers, troubles, pausedUntil, closedUntil }: TargetQueue,
  now: number,
): boolean {
  const isOpen = now >= pausedUntil && now >= closedUntil;
  return isOpen && workers < (troubles < MAX_TROUBLES ? MAX_WORKERS : 1);
}

/** Counts a failure. From the third trouble in a row on, it pauses the queue for 1, 2, 4 … at most 60 seconds. `retryAfter`: seconds. */
export function recordFailure(queue: TargetQueue, now: number, retryAfter = 0): void {
  const asked = now + Math.min(retryAfter, MAX_RETRY_AFTER_SECONDS) * 1000;
  queue.closedUntil = Math.max(queue.closedUntil, asked);
  recordTrouble(queue, now, 2 ** (queue.troubles + 1 - MAX_TROUBLES) * 1000);
}

/**
 * Records a success that took `duration` milliseconds. A quick one ends the pause; returns true if there was one: then the waiting
 * deliveries can be sent at once. After slow ones the queue is paused for as long as they took.
 */
export function recordSuccess(queue: TargetQueue, now = 0, duration = 0): boolean {
  if (duration > SLOW_MS) {
    recordTrouble(queue, now, duration);
    return false;
  }
  const wasPaused = queue.troubles >= MAX_TROUBLES;
  queue.troubles = 0;
  queue.pausedUntil = 0;
  return wasPaused;
}

/** Ends both pauses: the clock that they were measured with is another one now. */
export function endPause(queue: TargetQueue): void {
  queue.pausedUntil = 0;
  queue.closedUntil = 0;
}

function recordTrouble(queue: TargetQueue, now: number, pause: number): void {
  queue.troubles++;
  if (queue.troubles >= MAX_TROUBLES) queue.pausedUntil = now + Math.min(pause, MAX_PAUSE_MS);
}
