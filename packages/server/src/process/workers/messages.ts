import type { Statistics } from '../../metrics/scrape.ts';
import type { RunningServer } from '../start.ts';

/** What a worker has started. */
export type StartedWorker = Omit<RunningServer, 'close' | 'reload' | 'toggleDebug'>;

/** What a worker sends to the process that started it: once, when it serves or cannot serve. */
export type WorkerMessage = { readonly started: StartedWorker } | { readonly failed: StartFailure };

/** `isFinal`: the worker must not be started again. */
export type StartFailure = {
  readonly message: string;
  readonly isStartError: boolean;
  readonly isFinal: boolean;
};

/** The process that started the workers asks for their metrics. */
export type ScrapeRequest = { readonly scrape: number };

/** The answer of a worker, with the number of the request. */
export type ScrapeReply = { readonly scraped: number; readonly statistics: Statistics };

/** The process that started the workers has received SIGHUP or SIGUSR2. */
export type SignalRequest = { readonly signal: 'reload' | 'toggleDebug' };
