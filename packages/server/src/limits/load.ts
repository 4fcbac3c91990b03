import type { IncomingMessage } from 'node:http';
import type { RoundQueue } from './rounds.ts';

/** The load of one interface. When it is too high, requests are refused soon instead of waiting for seconds. */
export type Load = {
  /** Calls `start` when it is the turn of the request, unless the client has gone. */
  whenItsTurn(request: IncomingMessage, start: () => void): void;
  /** Whether a request whose turn has come has to be refused. */
  isTooMuch(request: IncomingMessage): boolean;
  /** Begins to work on a request. The returned function ends it. */
  enter(): () => void;
  /** Does work that takes turns: a few at the same time, so that each ends soon. Rejects with a TooMuchError what has waited too long. */
  long<T>(work: () => T | Promise<T>): Promise<T>;
};

/** Long work has waited too long for other long work. */
export class TooMuchError extends Error {
  override readonly name = 'TooMuchError';
}

/** Long work that is done at the same time. Each may need a few milliseconds of every turn. */
const MOST_LONG = 16;

export type LoadLimits = {
  /** Milliseconds that long work may wait. */
  readonly waitMs: number;
  /** Requests in progress. */
  readonly inProgress: number;
  /** Called when a request, or long work, is refused. */
  readonly refused?: () => void;
  /** Where they wait for their turn. */
  readonly queue: RoundQueue;
};

/** Seconds after which a refused caller should try again. */
export const BUSY_RETRY_SECONDS = 2;

export function createLoad({ waitMs, inProgress: limit, refused, queue }: LoadLimits): Load {
  const tooMuch = new WeakSet<IncomingMessage>();
  let inProgress = 0;
  return {
    whenItsTurn: (request, start) =>
      queue.enter((isLate) => {
        if (request.destroyed) return;
        if (isLate || inProgress >= limit) {
          tooMuch.add(request);
          refused?.();
        }
        start();
      }),
    isTooMuch: (request) => tooMuch.has(request),
    enter: () => {
      inProgress++;
      let isOver = false;
      return () => {
        if (!isOver) inProgress--;
        isOver = true;
      };
    },
    long: createFew(waitMs, refused),
  };
}

function createFew(waitMs: number, refused?: () => void): Load['long'] {
  const waiting: { readonly start: () => void; readonly refuse: () => void; readonly until: number }[] = [];
  let running = 0;
  const beginNext = () => {
    running--;
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      if (performance.now() <= next.until) return next.start();
      refused?.();
      next.refuse();
    }
  };
  const turn = () =>
    new Promise<void>((resolve, reject) => {
      const start = () => {
        running++;
        resolve();
      };
      if (running < MOST_LONG) start();
      else
        waiting.push({
          start,
          refuse: () => reject(new TooMuchError()),
          until: performance.now() + waitMs,
        });
    });
  return async (work) => {
    await turn();
    try {
      return await work();
    } finally {
      beginNext();
    }
  };
}

/** No limits. */
export const noLoad: Load = {
  whenItsTurn: (_request, start) => start(),
  isTooMuch: () => false,
  enter: () => () => undefined,
  long: async (work) => await work(),
};
