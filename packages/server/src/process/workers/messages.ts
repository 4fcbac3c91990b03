import type { RunningServer } from '../start.ts';

/** What a worker has started. */
export type StartedWorker = Omit<RunningServer, 'close'>;

/** What a worker sends to the process that started it: once, when it serves or cannot serve. */
export type WorkerMessage =
  | { readonly started: StartedWorker }
  | { readonly failed: { readonly message: string; readonly isStartError: boolean } };
