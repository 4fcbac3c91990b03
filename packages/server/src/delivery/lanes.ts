/** What is known, while the process runs, of how a target takes what it is told. */
export type Lane = {
  /** Attempts under way. */
  workers: number;
  /** In a row, without an answer or with one that says the server is in trouble. */
  troubles: number;
  /** Unix milliseconds: it is left alone until then. */
  pausedUntil: number;
};

const WORKERS = 8;
const TROUBLES = 3;
const LONGEST_PAUSE_SECONDS = 60;

export function newLane(): Lane {
  return { workers: 0, troubles: 0, pausedUntil: 0 };
}

/** A target that is in trouble is asked by one attempt at a time, and those become rare. */
export function hasRoom({ workers, troubles, pausedUntil }: Lane, now: number): boolean {
  return now >= pausedUntil && workers < (troubles < TROUBLES ? WORKERS : 1);
}

export function noteTrouble(lane: Lane, now: number): void {
  lane.troubles++;
  const pause = Math.min(2 ** (lane.troubles - TROUBLES), LONGEST_PAUSE_SECONDS);
  if (lane.troubles >= TROUBLES) lane.pausedUntil = now + pause * 1000;
}

/** Whether the target has come back from trouble, so that what waits for it need not wait longer. */
export function noteAnswer(lane: Lane): boolean {
  const wasAway = lane.troubles >= TROUBLES;
  lane.troubles = 0;
  lane.pausedUntil = 0;
  return wasAway;
}
