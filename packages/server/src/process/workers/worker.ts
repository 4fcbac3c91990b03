import cluster from 'node:cluster';
import { type Config, WORKER_VARIABLE } from '../config.ts';
import type { Scrape } from '../health/metrics.ts';
import { type Additions, type RunningServer, startServer } from '../start.ts';
import { StartError } from '../start-error.ts';
import type { ScrapeReply, ScrapeRequest, SignalRequest, WorkerMessage } from './messages.ts';

/** The number of this worker, from 1; undefined: this process is not a worker. */
export function workerNumber(): number | undefined {
  return cluster.isWorker ? Number(process.env[WORKER_VARIABLE]) : undefined;
}

/** Starts the services of a worker and reports to the process that started it. undefined: it could not start. */
export async function startAsWorker(
  config: Config,
  number: number,
  additions: Additions = {},
): Promise<RunningServer | undefined> {
  try {
    const server = await startServer(config, number, additions);
    const { close: _close, reload, toggleDebug, scrape, ...started } = server;
    process.on('message', (message: Partial<SignalRequest>) => {
      if (message?.signal === 'reload') reload();
      if (message?.signal === 'toggleDebug') toggleDebug();
    });
    if (scrape !== undefined) answerScrapes(scrape);
    await report({ started });
    return server;
  } catch (error) {
    const { message, stack = message } = error as Error;
    const isStartError = error instanceof StartError;
    const isFinal = isStartError && error.isFinal;
    await report({ failed: { message: isStartError ? message : stack, isStartError, isFinal } });
    return undefined;
  }
}

function answerScrapes(scrape: Scrape): void {
  process.on('message', async (message: Partial<ScrapeRequest>) => {
    if (typeof message?.scrape !== 'number') return;
    const reply: ScrapeReply = { scraped: message.scrape, statistics: await scrape() };
    if (process.connected) process.send?.(reply);
  });
}

function report(message: WorkerMessage): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined) resolve();
    else process.send(message, () => resolve());
  });
}
