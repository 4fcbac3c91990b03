/** The load of one interface. When it is too high, requests are refused at once instead of waiting for seconds. */
export type Load = {
  /** Whether a request that is looked at now has to be refused. */
  isOverloaded(): boolean;
  /** Begins to work on a request. The returned function ends it. */
  enter(): () => void;
};

export type LoadLimits = {
  /** Milliseconds that a request may have waited for those that arrived at the same time. */
  readonly waitMs: number;
  /** Requests in progress. */
  readonly inProgress: number;
  /** Milliseconds, from any start. */
  readonly now?: () => number;
  /** Calls back when the requests that have arrived so far have all been looked at. */
  readonly afterArrivals?: (done: () => void) => void;
};

/** Seconds after which a refused caller should try again. */
export const BUSY_RETRY_SECONDS = 2;

/**
 * The event loop hands over everything that has arrived, one request after the other, and then calls the immediates. So the time since
 * the first of them is what the current one has waited, and a long queue is cut off after `waitMs`.
 */
export function createLoad({
  waitMs,
  inProgress: limit,
  now = () => performance.now(),
  afterArrivals = setImmediate,
}: LoadLimits): Load {
  let first: number | undefined;
  let inProgress = 0;
  return {
    isOverloaded: () => {
      if (inProgress >= limit) return true;
      if (first !== undefined) return now() - first > waitMs;
      first = now();
      afterArrivals(() => {
        first = undefined;
      });
      return false;
    },
    enter: () => {
      inProgress++;
      let isOver = false;
      return () => {
        if (!isOver) inProgress--;
        isOver = true;
      };
    },
  };
}

/** No limits. */
export const noLoad: Load = { isOverloaded: () => false, enter: () => () => undefined };
