import type { IncomingMessage } from 'node:http';
import type { Lane } from './rounds.ts';

/** The load of one interface. When it is too high, requests are refused soon instead of waiting for seconds. */
export type Load = {
  /** Calls `begin` when it is the turn of the request, unless the client has gone. */
  whenItsTurn(request: IncomingMessage, begin: () => void): void;
  /** Whether a request whose turn has come has to be refused. */
  isTooMuch(request: IncomingMessage): boolean;
  /** Begins to work on a request. The returned function ends it. */
  enter(): () => void;
};

export type LoadLimits = {
  /** Requests in progress. */
  readonly inProgress: number;
  /** Where they wait for their turn. */
  readonly lane: Lane;
};

/** Seconds after which a refused caller should try again. */
export const BUSY_RETRY_SECONDS = 2;

export function createLoad({ inProgress: limit, lane }: LoadLimits): Load {
  const tooMuch = new WeakSet<IncomingMessage>();
  let inProgress = 0;
  return {
    whenItsTurn: (request, begin) =>
      lane.enter((isLate) => {
        if (request.destroyed) return;
        if (isLate || inProgress >= limit) tooMuch.add(request);
        begin();
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
  };
}

/** No limits. */
export const noLoad: Load = {
  whenItsTurn: (_request, begin) => begin(),
  isTooMuch: () => false,
  enter: () => () => undefined,
};
