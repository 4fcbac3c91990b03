import { setTimeout as sleep } from 'node:timers/promises';
import pg, { type PoolClient, type PoolConfig } from 'pg';
import { StoreUnavailable } from '../../ports/store-error.ts';
import { Batch, type Call, type Prepared, type Result } from './batch.ts';
import { isConnectionLost, isOfNetwork, sqlStateOf } from './failures.ts';
import type { PostgresOptions } from './options.ts';

/** A connection of the pool, for as long as the caller has it. */
export type Session = {
  /** One round trip, and one transaction unless one was started before. Rejects with the error of the first statement that fails. */
  run(calls: readonly Call[]): Promise<Result[]>;
};

export type Pool = {
  /** Takes a connection, and waits for one a limited time while the database is away. */
  use<T>(work: (session: Session) => Promise<T>): Promise<T>;
  /** Forgets the statements that connections have prepared. */
  forgetStatements(): void;
  close(): Promise<void>;
};

const RETRY_MS = 100;
/** The database ends a statement itself. This is for one that cannot say so, because the network or the machine is gone. */
const GRACE_MS = 2000;

/** Errors of a wrong name, password, certificate or address: waiting does not help. */
const WRONG = /^(?:28...|3D000|42501)$/;

export function openPool(options: PostgresOptions): Pool {
  const { prepare, statementMs, waitMs } = options;
  let pool = new pg.Pool(poolConfig(options, true));
  let prepared = new WeakMap<PoolClient, Prepared>();
  let sendsTimeouts = true;
  ignoreLostConnections(pool);

  const connect = async (): Promise<PoolClient> => {
    const until = performance.now() + waitMs;
    for (;;)
      try {
        return await pool.connect();
      } catch (error) {
        if (sendsTimeouts && refusesParameters(error)) {
          sendsTimeouts = false;
          pool = new pg.Pool(poolConfig(options, false));
          ignoreLostConnections(pool);
        } else if (isHopeless(error) || performance.now() > until) throw error;
        else await sleep(RETRY_MS);
      }
  };

  const knownTo = (client: PoolClient): Prepared => {
    const known = prepared.get(client) ?? new Map();
    prepared.set(client, known);
    return known;
  };

  const sessionOn = (client: PoolClient): Session => ({
    run: (calls) => {
      const batch = new Batch(calls, prepare ? knownTo(client) : undefined);
      client.query(batch);
      return withinTime(batch.results, statementMs + GRACE_MS, client);
    },
  });

  return {
    use: async (work) => {
      const client = await connect();
      try {
        const result = await work(sessionOn(client));
        client.release();
        return result;
      } catch (error) {
        client.release(isConnectionLost(error));
        throw error;
      }
    },
    forgetStatements: () => {
      prepared = new WeakMap();
    },
    close: () => pool.end(),
  };
}

/** The pool removes a connection that was lost, and the query that ran on it has failed. Without these listeners the process would end. */
export function ignoreLostConnections(pool: pg.Pool): void {
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
}

/** Timeouts as parameters of the connection: poolers refuse them, unless they are set up to ignore them. */
function poolConfig(options: PostgresOptions, sendsTimeouts: boolean): PoolConfig {
  const { connections, statementMs, lockMs, waitMs } = options;
  return {
    ...clientConfig(options.url, waitMs),
    max: connections,
    idleTimeoutMillis: 60_000,
    ...(sendsTimeouts && { statement_timeout: statementMs, lock_timeout: lockMs }),
  };
}

/** How to connect. The modes of TLS have the meaning that they have for other programs: require encrypts, verify-full verifies. */
export function clientConfig(url: string, waitMs: number) {
  const connection = new URL(url);
  connection.searchParams.set('uselibpqcompat', 'true');
  return {
    connectionString: connection.href,
    fallback_application_name: 'esim-rsp',
    connectionTimeoutMillis: waitMs,
    keepAlive: true,
  };
}

function refusesParameters(error: unknown): boolean {
  return sqlStateOf(error) === '08P01' && /startup parameter/.test((error as Error).message);
}

function isHopeless(error: unknown): boolean {
  const state = sqlStateOf(error);
  if (state !== undefined) return WRONG.test(state);
  return !isOfNetwork(error) || (error as NodeJS.ErrnoException).code === 'ENOTFOUND';
}

/** Cuts a connection that does not answer any more: what was sent has failed, and the pool opens another one. */
async function withinTime<T>(answer: Promise<T>, ms: number, client: PoolClient): Promise<T> {
  const timer = setTimeout(() => {
    const { connection } = client as unknown as { connection: { stream: { destroy(error: Error): void } } };
    connection.stream.destroy(new StoreUnavailable(`the database did not answer within ${ms} ms`));
  }, ms);
  try {
    return await answer;
  } finally {
    clearTimeout(timer);
  }
}
