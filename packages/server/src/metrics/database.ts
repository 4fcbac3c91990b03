import type { MetricValue } from 'prom-client';
import { type ConnectionStatistics, type ConnectionStore, WAIT_SECONDS } from '../store/ports/health.ts';
import { addMetric, histogramLines } from './calls.ts';
import type { Metrics } from './metrics.ts';

/** The connections of this process to a database server. With SQLite there are none, and no lines. */
export function countConnections({ registry }: Pick<Metrics, 'registry'>, store: ConnectionStore): void {
  const add = (
    type: 'gauge' | 'counter' | 'histogram',
    name: string,
    help: string,
    linesOf: (statistics: ConnectionStatistics, name: string) => readonly MetricValue<string>[],
  ) =>
    addMetric(registry, type, name, help, () => {
      const statistics = store.connections();
      return statistics === undefined ? [] : [...linesOf(statistics, name)];
    });
  add(
    'gauge',
    'esim_database_connections',
    'Connections to PostgreSQL, by what they do; the one that listens is not counted',
    ({ open, busy }) => [
      { labels: { state: 'busy' }, value: busy },
      { labels: { state: 'idle' }, value: open - busy },
    ],
  );
  add('gauge', 'esim_database_waiting', 'Calls that wait for a connection to PostgreSQL', ({ waiting }) => [
    { labels: {}, value: waiting },
  ]);
  add(
    'histogram',
    'esim_database_wait_seconds',
    'How long calls waited for a connection to PostgreSQL',
    ({ waits: { buckets, sum } }, name) => {
      const count = buckets.reduce((all, inBucket) => all + inBucket, 0);
      return histogramLines(name, {}, WAIT_SECONDS, { buckets, sum, count });
    },
  );
  add(
    'counter',
    'esim_database_connects_total',
    'Connections to PostgreSQL that were opened',
    ({ opened }) => [{ labels: {}, value: opened }],
  );
  add(
    'counter',
    'esim_database_connections_lost_total',
    'Connections to PostgreSQL that were lost, and replaced when they were needed',
    ({ lost }) => [{ labels: {}, value: lost }],
  );
  add(
    'gauge',
    'esim_database_listening',
    '1 if notifications of events come from other processes; 0: this one looks for events four times a second',
    ({ isListening }) => (isListening === undefined ? [] : [{ labels: {}, value: Number(isListening) }]),
  );
}
