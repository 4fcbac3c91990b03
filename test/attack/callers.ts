import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** Callers in a thread of their own. */
export type Callers = {
  /** The process of the server. */
  readonly pid: number;
  readonly port: number;
  /** A whole request of HTTP. */
  readonly request: string;
  readonly count: number;
  /** Between an answer and the next request. */
  readonly pauseMs: number;
  readonly seconds: number;
  /** Whether each request has a connection of its own. */
  readonly onNewConnections: boolean;
};

/** An answer: `ms` since its request, or since its connection was opened; the text only if it is no success. */
export type Called = { readonly status: number; readonly ms: number; readonly text: string };

/** Lets them call; resolves to the answers, and the number of connections that broke. */
export async function letCall(
  callers: Callers,
): Promise<{ readonly answers: readonly Called[]; readonly broken: number }> {
  const worker = new Worker(new URL('callers.worker.ts', import.meta.url), { workerData: callers });
  const [called] = await once(worker, 'message');
  await worker.terminate();
  return called;
}
