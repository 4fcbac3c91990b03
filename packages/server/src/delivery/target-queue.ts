/** The queue of one target: how many workers send to it, and whether it is paused. In memory only; the deliveries are in the outbox. */
export type TargetQueue = {
  workers: number;
  /** Attempts in a row without a response, or with status 429 or 5xx. */
  failures: number;
  /** Unix milliseconds: no attempt starts before. */
  pausedUntil: number;
};

const MAX_WORKERS = 8;
/** After this many failures in a row the queue is paused between attempts. */
const MAX_FAILURES = 3;
const MAX_PAUSE_SECONDS = 60;

export function newTargetQueue(): TargetQueue {
  return { workers: 0, failures: 0, pausedUntil: 0 };
}

/** A healthy target gets up to 8 workers, one that keeps failing gets one. `now`: Unix milliseconds. */
export function canStartWorker({ workers, failures, pausedUntil }: TargetQueue, now: number): boolean {
  return now >= pausedUntil && workers < (failures < MAX_FAILURES ? MAX_WORKERS : 1);
}

/** Counts a failure. From the third in a row on, it pauses the queue for 1, 2, 4 … at most 60 seconds. */
export function recordFailure(queue: TargetQueue, now: number): void {
  queue.failures++;
  const pause = Math.min(2 ** (queue.failures - MAX_FAILURES), MAX_PAUSE_SECONDS);
  if (queue.failures >= MAX_FAILURES) queue.pausedUntil = now + pause * 1000;
}

/** Ends the pause. Returns true if there was one: then the waiting deliveries can be sent at once. */
export function recordSuccess(queue: TargetQueue): boolean {
  const wasPaused = queue.failures >= MAX_FAILURES;
  queue.failures = 0;
  queue.pausedUntil = 0;
  return wasPaused;
}
