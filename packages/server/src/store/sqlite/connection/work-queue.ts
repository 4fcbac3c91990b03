import { connectionsComeFirst } from '../../../limits/rounds.ts';
import { isBusy } from './busy.ts';

/** A query, or the statements of a write, that somebody waits for. */
export type Work = {
  /** How many records it writes. */
  readonly size: number;
  readonly run: (carefully: boolean) => void;
  /** Call this when the transaction has ended well. */
  readonly settle: () => void;
  readonly fail: (error: unknown) => void;
};

/** Does some of the work in a transaction, and returns what is left. Throws if the transaction could not begin. */
export type RunSome = (works: readonly Work[]) => Work[];

export type WorkQueue = {
  push(work: Work): void;
  isEmpty(): boolean;
};

/** How long to wait for another process that has the write lock, and how long between two attempts. */
const MOST_WAIT_MS = 5000;
const BETWEEN_MS = 1;

/**
 * Collects what arrives in one turn of the event loop, and does it at the end of the turn; what is left waits for the next. While another
 * process has the lock, the work waits, and the event loop does not.
 */
export function createWorkQueue(runSome: RunSome): WorkQueue {
  let works: Work[] = [];
  let waitsUntil: number | undefined;
  const turn = () => {
    if (connectionsComeFirst()) return void setImmediate(turn);
    try {
      works = runSome(works);
      waitsUntil = undefined;
    } catch (error) {
      waitsUntil ??= performance.now() + MOST_WAIT_MS;
      if (isBusy(error) && performance.now() < waitsUntil) {
        setTimeout(turn, BETWEEN_MS);
        return;
      }
      const failed = works;
      works = [];
      waitsUntil = undefined;
      for (const { fail } of failed) fail(error);
    }
    if (works.length > 0) setImmediate(turn);
  };
  return {
    push: (work) => {
      if (works.length === 0) setImmediate(turn);
      works.push(work);
    },
    isEmpty: () => works.length === 0,
  };
}
