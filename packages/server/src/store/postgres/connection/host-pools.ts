import { setTimeout as sleep } from 'node:timers/promises';
import pg, { type ClientBase, type PoolClient, type PoolConfig } from 'pg';
import { type ConnectionStatistics, WAIT_SECONDS } from '../../ports/health.ts';
import { clientConfig, destroy, mustBePrimary } from './client.ts';
import { isHopeless, isPoolFull, sqlStateOf } from './failures.ts';
import { hostsOf } from './hosts.ts';
import type { PostgresOptions } from './options.ts';

/** The connections to the hosts of a URL, of which one is the primary. */
export type HostPools = {
  /** A connection to the primary. While there is none it waits a limited time. */
  connect(): Promise<PoolClient>;
  /** `isLost`: the connection must not be used again. */
  release(client: PoolClient, isLost?: boolean): void;
  /** Ends a connection that the network has silently lost, and those that are idle, which it may have lost too: no call should wait for each. */
  cut(client: PoolClient, why: Error): void;
  statistics(): ConnectionStatistics;
  close(): Promise<void>;
};

const RETRY_MS = 100;

export function openHostPools(options: PostgresOptions): HostPools {
  const { url, waitMs } = options;
  const urls = hostsOf(url);
  const idle = new Set<ClientBase>();
  const counted = { opened: 0, lost: 0, waiting: 0 };
  const waits = { buckets: [...WAIT_SECONDS, 0].map(() => 0), sum: 0 };
  const openOne = (one: string, sendsTimeouts: boolean) => {
    const pool = new pg.Pool(poolConfig({ ...options, url: one }, urls.length, sendsTimeouts));
    ignoreLostConnections(pool);
    pool.on('connect', () => counted.opened++);
    pool.on('error', () => counted.lost++);
    for (const event of ['acquire', 'remove'] as const) pool.on(event, (client) => idle.delete(client));
    return pool;
  };
  let sendsTimeouts = true;
  let pools = urls.map((one) => openOne(one, sendsTimeouts));
  let current = 0;

  /** Tries the host that was the primary last, then the others in their order, until one is the primary or the time has passed. */
  const connect = async (): Promise<PoolClient> => {
    const until = performance.now() + waitMs;
    for (let hopeless = 0; ; ) {
      const tried = current;
      try {
        return await (pools[tried] as pg.Pool).connect();
      } catch (error) {
        if (sendsTimeouts && refusesParameters(error)) {
          sendsTimeouts = false;
          pools = urls.map((one) => openOne(one, sendsTimeouts));
          continue;
        }
        hopeless = isHopeless(error) ? hopeless + 1 : 0;
        if (hopeless >= urls.length || performance.now() > until) throw error;
        if (current === tried && !isPoolFull(error)) current = (tried + 1) % urls.length;
        if (current === 0) await sleep(RETRY_MS);
      }
    }
  };
  const sum = (count: (pool: pg.Pool) => number) => pools.reduce((all, pool) => all + count(pool), 0);
  return {
    connect: async () => {
      const began = performance.now();
      counted.waiting++;
      try {
        return await connect();
      } finally {
        counted.waiting--;
        record(waits, (performance.now() - began) / 1000);
      }
    },
    release: (client, isLost = false) => {
      if (isLost) counted.lost++;
      else idle.add(client);
      client.release(isLost);
    },
    cut: (client, why) => {
      for (const each of [client, ...idle]) destroy(each, why);
      idle.clear();
    },
    statistics: () => ({
      ...counted,
      open: sum((pool) => pool.totalCount),
      busy: sum((pool) => pool.totalCount - pool.idleCount),
      waits,
    }),
    close: async () => void (await Promise.all(pools.map((pool) => pool.end()))),
  };
}

function record(waits: { buckets: number[]; sum: number }, seconds: number): void {
  const found = WAIT_SECONDS.findIndex((most) => seconds <= most);
  const bucket = found === -1 ? WAIT_SECONDS.length : found;
  waits.buckets[bucket] = (waits.buckets[bucket] ?? 0) + 1;
  waits.sum += seconds;
}

/** The pool removes a connection that was lost, and the query that ran on it has failed. Without these listeners the process would end. */
function ignoreLostConnections(pool: pg.Pool): void {
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
}

/** The database asks whether a silent process is there, and ends its connection, with what it has locked, after 25 seconds. */
const SERVER_KEEP_ALIVE = '-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3';

/** Timeouts as parameters of the connection: poolers refuse them, unless they are set up to ignore them. */
function poolConfig(options: PostgresOptions, hosts: number, sendsTimeouts: boolean): PoolConfig {
  const { connections, statementMs, lockMs, waitMs } = options;
  return {
    ...clientConfig(options.url, Math.ceil(waitMs / hosts)),
    max: connections,
    idleTimeoutMillis: 60_000,
    onConnect: (client) => mustBePrimary(client, waitMs),
    ...(sendsTimeouts && {
      statement_timeout: statementMs,
      lock_timeout: lockMs,
      idle_in_transaction_session_timeout: statementMs,
      options: SERVER_KEEP_ALIVE,
    }),
  };
}

function refusesParameters(error: unknown): boolean {
  return sqlStateOf(error) === '08P01' && /startup parameter/.test((error as Error).message);
}
