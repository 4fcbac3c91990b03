import { stat, statfs } from 'node:fs/promises';
import type { Registry } from 'prom-client';
import { createLoad, type Load } from '../../limits/load.ts';
import type { Rounds } from '../../limits/rounds.ts';
import type { Log } from '../../log/log.ts';
import type { CountCall } from '../../metrics/calls.ts';
import { createMetricsServer } from '../../metrics/listener.ts';
import { addCounter, type Interface, type Metrics } from '../../metrics/metrics.ts';
import { readStatistics, type Statistics } from '../../metrics/scrape.ts';
import { createServerStatistics, type ServerStatistics, targetOf } from '../../metrics/server-statistics.ts';
import type { StatisticsStore } from '../../store/ports/health.ts';
import type { Delivery, Settlement } from '../../store/ports/outbox.ts';
import { readLastBackup } from '../backup/last-backup.ts';
import type { Config } from '../config.ts';
import { databaseIn } from '../data.ts';
import { drain, isLoopback, listen, urlOf } from '../listen.ts';
import { StartError } from '../start-error.ts';

/** Reads the metrics of one or all processes of the server. */
export type Scrape = () => Promise<Statistics>;

/** Throws a StartError for metrics that other machines could read without a token. */
export function refuseOpenMetrics({ metrics }: Config): void {
  if (metrics === undefined || metrics.token !== undefined || isLoopback(metrics.host)) return;
  throw new StartError(
    `ESIM_METRICS_HOST=${metrics.host} would serve the metrics to other machines without a token: set ESIM_METRICS_TOKEN`,
  );
}

/** Serves the metrics. undefined: there are none. */
export async function startMetricsListener(
  { metrics }: Config,
  scrape: Scrape,
  log: Log,
  cleanup: AsyncDisposableStack,
): Promise<string | undefined> {
  if (metrics === undefined) return undefined;
  const { host, port, token } = metrics;
  const server = createMetricsServer({
    scrape,
    ...(token !== undefined && { token }),
    failed: (error) =>
      log.error('the metrics could not be read: the answer to Prometheus is an error', { err: error }),
  });
  const found = await listen(server, { host, port, key: 'ESIM_METRICS_PORT' });
  cleanup.defer(() => drain(server, 1));
  return `${urlOf('http', host, found)}/metrics`;
}

type Counted = {
  readonly metrics: Metrics;
  readonly droppedLogLines: () => number;
  /** Absent: another worker reads what is the same for all of them. */
  readonly statistics?: Omit<ServerStatistics, 'storeBytes' | 'freeBytes' | 'lastBackupAt' | 'profileTypes'>;
};

/** The metrics of this process, and of the whole server. */
export function createScrape(config: Config, { metrics, droppedLogLines, statistics }: Counted): Scrape {
  const registries: Registry[] = [metrics.registry];
  addCounter(
    metrics.registry,
    'esim_log_lines_dropped_total',
    'Log lines that were lost, because stderr was not read',
    droppedLogLines,
  );
  if (statistics !== undefined)
    registries.push(
      createServerStatistics({
        ...statistics,
        profileTypes: config.metrics?.profileTypes ?? 0,
        storeBytes: () => storeBytes(config, statistics.store),
        freeBytes: () => freeBytes(config),
        lastBackupAt: () => readLastBackup(config.dataDir),
      }),
    );
  return () => readStatistics(registries);
}

async function storeBytes(
  { dataDir, database }: Config,
  store: StatisticsStore,
): Promise<Record<string, number>> {
  const bytes = await store.databaseBytes();
  if (database !== undefined) return { database: bytes };
  const { size } = await stat(`${databaseIn(dataDir)}-wal`);
  return { database: bytes, write_ahead_log: size };
}

/** undefined: the database is on another machine. */
async function freeBytes({ dataDir, database }: Config): Promise<number | undefined> {
  if (database !== undefined) return undefined;
  const { bavail, bsize } = await statfs(dataDir);
  return bavail * bsize;
}

/** The load of an interface, and what counts its calls. */
export function observeInterface(
  name: Interface,
  config: Config,
  rounds: Rounds,
  metrics: Metrics | undefined,
): { load: Load; countCalls?: (name: string) => CountCall } {
  const limits = { ...config.load, queue: rounds.queue(config.load) };
  if (metrics === undefined) return { load: createLoad(limits) };
  return {
    load: createLoad({ ...limits, refused: () => metrics.shedCall(name) }),
    countCalls: (called) => metrics.callsOf(name, called),
  };
}

/** Counts the attempts to deliver. */
export function observeDeliveries(metrics: Metrics | undefined) {
  if (metrics === undefined) return undefined;
  return ({ kind }: Delivery, { state }: Settlement, seconds: number) =>
    metrics.attemptDelivery(targetOf[kind], state === 'pending' ? 'retry' : state, seconds);
}
