import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { Registry } from 'prom-client';
import type { Log } from '../../log/log.ts';
import { addCounter, addGauge, createMetrics } from '../../metrics/metrics.ts';
import { readStatistics, type Statistics } from '../../metrics/scrape.ts';
import { type Config, WORKER_VARIABLE } from '../config.ts';
import { openFolder } from '../data.ts';
import { claimFolder } from '../folder/claim.ts';
import { publishAddresses } from '../folder/marker.ts';
import { nodeIdOf } from '../folder/node-id.ts';
import { refuseOpenMetrics, type Scrape, startMetricsListener } from '../health/metrics.ts';
import { findFreePorts } from '../listen.ts';
import { startLog } from '../log/start-log.ts';
import type { RunningServer } from '../start.ts';
import { StartError } from '../start-error.ts';
import type { ScrapeReply, ScrapeRequest, SignalRequest, StartedWorker, WorkerMessage } from './messages.ts';

/** Between the end of a worker and its next start: first the one, and the other when it ends again soon. */
const RESTART_MS = 100;
const LATER_RESTART_MS = 5000;
const SOON_MS = 10_000;

/**
 * Starts the server in several processes that share the ports and the data folder. This process accepts the connections, hands them out in
 * turn, and has the lock of the folder; it starts a worker again that has ended. The first worker starts alone: it creates what the first start
 * creates, and brings the database to the newest version.
 */
export async function startWorkers(config: Config): Promise<RunningServer> {
  const opened = new AsyncDisposableStack();
  try {
    const { log, nameNode, toggleDebug, flush } = startLog(config);
    opened.defer(flush);
    refuseOpenMetrics(config);
    openFolder(config.dataDir);
    await claimFolder({ ...config, log }, opened);
    nameNode(nodeIdOf(config.dataDir, systemRandom));
    let isDebug = false;
    const pool = createPool(await fixPorts(config), log, (worker) => {
      const request: SignalRequest = { signal: 'toggleDebug' };
      if (isDebug) worker.send(request);
    });
    opened.defer(pool.stop);
    const first = await pool.start(1);
    const others = Array.from({ length: config.workers - 1 }, (_, i) => pool.start(i + 2));
    await Promise.all(others);
    publishAddresses(config.dataDir, { ...first, pkiDir: config.pkiDir });
    const metricsUrl =
      config.metrics && (await startMetricsListener(config, createScrape(config, pool), log, opened));
    const send = (request: SignalRequest) => {
      for (const worker of pool.serving()) worker.send(request);
    };
    const signals = {
      reload: async () => send({ signal: 'reload' }),
      toggleDebug: () => {
        isDebug = !isDebug;
        toggleDebug();
        send({ signal: 'toggleDebug' });
      },
    };
    return {
      ...first,
      ...signals,
      ...(metricsUrl !== undefined && { metricsUrl }),
      close: () => opened.disposeAsync(),
    };
  } catch (error) {
    await opened.disposeAsync();
    throw error;
  }
}

/** The metrics of this process and of all workers that answer in time. */
function createScrape({ workers }: Config, pool: Pool): Scrape {
  const own = createMetrics('main');
  const all = new Registry();
  addGauge(all, 'esim_workers', 'Workers that the server should have', () => workers);
  addGauge(all, 'esim_workers_running', 'Workers that serve', () => pool.serving().size);
  addCounter(all, 'esim_worker_restarts_total', 'Workers that ended and were started again', pool.restarts);
  return async () => {
    const replies = [...pool.serving()].map((worker) => scrapeWorker(worker));
    return [...(await readStatistics([own.registry, all])), ...(await Promise.all(replies)).flat()];
  };
}

/** A worker that does not answer in this time is busy or starting: its lines are missing once. */
const SCRAPE_MS = 2000;
let scrapes = 0;

function scrapeWorker(worker: Worker): Promise<Statistics> {
  const scrape = ++scrapes;
  return new Promise((resolve) => {
    const take = (message: Partial<ScrapeReply>) => {
      if (message?.scraped === scrape) end(message.statistics ?? []);
    };
    const end = (statistics: Statistics) => {
      clearTimeout(timer);
      worker.off('message', take);
      resolve(statistics);
    };
    const timer = setTimeout(end, SCRAPE_MS, []);
    worker.on('message', take);
    const request: ScrapeRequest = { scrape };
    if (worker.isConnected()) worker.send(request, (error) => error && end([]));
    else end([]);
  });
}

type Pool = {
  /** Starts a worker, and again whenever it ends. Resolves when it serves; rejects if its first start fails. */
  start(number: number): Promise<StartedWorker>;
  /** The workers that serve at this moment. */
  serving(): ReadonlySet<Worker>;
  /** How often a worker was started again. */
  restarts(): number;
  /** Asks all workers to finish their requests and end; resolves when they have. */
  stop(): Promise<void>;
};

/** The ports as environment variables, free ones for 0: workers that start later must listen on the same. */
async function fixPorts({ httpHost, httpPort, es9Host, es9Port, es2Host, es2Port, install }: Config) {
  const [http, es9, es2, page] = await findFreePorts([
    [httpHost, httpPort],
    [es9Host, es9Port],
    [es2Host, es2Port],
    [install.host, install.port ?? 0],
  ]);
  const own = { ESIM_HTTP_PORT: http, ESIM_ES9_PORT: es9, ESIM_ES2_PORT: es2 };
  return install.port === undefined ? own : { ...own, ESIM_INSTALL_PORT: page };
}

function createPool(
  ports: Readonly<Record<string, number | undefined>>,
  log: Log,
  greet: (worker: Worker) => void,
): Pool {
  const running = new Set<Worker>();
  const serving = new Set<Worker>();
  const timers = new Set<NodeJS.Timeout>();
  let isStopping = false;
  let restarts = 0;
  const fork = async (number: number): Promise<StartedWorker> => {
    const startedAt = performance.now();
    const worker = cluster.fork({ ...ports, [WORKER_VARIABLE]: number });
    running.add(worker);
    worker.on('error', (error) =>
      log.warn('a worker does not take messages', { worker: number, err: error }),
    );
    const ended = once(worker, 'exit');
    const report = once(worker, 'message') as Promise<[WorkerMessage]>;
    const first = await Promise.race([report.then(([one]) => one), ended.then(() => undefined)]);
    ended.then(([code, signal]) => {
      running.delete(worker);
      serving.delete(worker);
      if (isStopping || first === undefined || 'failed' in first) return;
      restarts++;
      log.error('a worker has ended and is started again', {
        worker: number,
        code: code === null ? undefined : String(code),
        signal,
      });
      restart(number, performance.now() - startedAt < SOON_MS ? LATER_RESTART_MS : RESTART_MS);
    });
    if (first === undefined) throw new StartError(`worker ${number} ended during its start`);
    if ('started' in first) {
      serving.add(worker);
      greet(worker);
      log.info('the worker serves', { worker: number, worker_pid: worker.process.pid });
      return first.started;
    }
    await ended;
    const { message, isStartError, isFinal } = first.failed;
    throw isStartError ? new StartError(message, { isFinal }) : new Error(message);
  };
  const restart = (number: number, delay: number): void => {
    const again = async () => {
      timers.delete(timer);
      try {
        await fork(number);
      } catch (error) {
        if (error instanceof StartError && error.isFinal) {
          log.error('a worker could not be started; the server does not try again', {
            worker: number,
            err: error,
          });
          return;
        }
        log.error('a worker could not be started; the server tries again in 5 seconds', {
          worker: number,
          err: error,
        });
        restart(number, LATER_RESTART_MS);
      }
    };
    const timer = setTimeout(again, delay);
    timers.add(timer);
  };
  return {
    start: fork,
    serving: () => serving,
    restarts: () => restarts,
    stop: async () => {
      isStopping = true;
      for (const timer of timers) clearTimeout(timer);
      const ends = [...running].map((worker) => once(worker, 'exit'));
      for (const worker of running) worker.process.kill('SIGTERM');
      await Promise.all(ends);
    },
  };
}
