import type { PoolClient } from 'pg';
import type { ConnectionStatistics } from '../../ports/health.ts';
import { StoreUnavailable } from '../../ports/store-error.ts';
import { HashedValue, SecretValue } from '../../rows/secrets/secret-columns.ts';
import { Batch, type Call, type Prepared, type Result } from './batch.ts';
import { isConnectionLost } from './failures.ts';
import { openHostPools } from './host-pools.ts';
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
  statistics(): ConnectionStatistics;
  close(): Promise<void>;
};

type Seal = (secret: SecretValue | HashedValue) => string | Uint8Array | null;

/** The database ends a statement itself. This is for one that cannot say so, because the network or the machine is gone. */
const GRACE_MS = 2000;

/** `seal`: how secrets are sealed when they are sent. */
export function openPool(options: PostgresOptions, seal: Seal): Pool {
  const { prepare, statementMs } = options;
  const hosts = openHostPools(options);
  let prepared = new WeakMap<PoolClient, Prepared>();

  const knownTo = (client: PoolClient): Prepared => {
    const known = prepared.get(client) ?? new Map();
    prepared.set(client, known);
    return known;
  };

  const sealed = ({ statement, values }: Call): Call => ({
    statement,
    values: values.map((value) =>
      value instanceof SecretValue || value instanceof HashedValue ? seal(value) : value,
    ),
  });

  const sessionOn = (client: PoolClient): Session => ({
    run: (calls) => {
      const batch = new Batch(calls.map(sealed), prepare ? knownTo(client) : undefined);
      client.query(batch);
      return withinTime(batch.results, statementMs + GRACE_MS, (why) => hosts.cut(client, why));
    },
  });

  return {
    use: async (work) => {
      const client = await hosts.connect();
      try {
        const result = await work(sessionOn(client));
        hosts.release(client);
        return result;
      } catch (error) {
        hosts.release(client, isConnectionLost(error));
        throw error;
      }
    },
    forgetStatements: () => {
      prepared = new WeakMap();
    },
    statistics: hosts.statistics,
    close: hosts.close,
  };
}

/** Cuts a connection that does not answer any more: what was sent has failed, and the pool opens another one. */
async function withinTime<T>(answer: Promise<T>, ms: number, cut: (why: Error) => void): Promise<T> {
  const timer = setTimeout(
    () => cut(new StoreUnavailable(`the database did not answer within ${ms} ms`)),
    ms,
  );
  try {
    return await answer;
  } finally {
    clearTimeout(timer);
  }
}
