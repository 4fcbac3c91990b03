import { hostsOf } from './hosts.ts';

/** Which PostgreSQL to use, and how long to wait for it. */
export type PostgresOptions = {
  /** postgres://user:password@host:port,host:port/database?sslmode=verify-full&sslrootcert=FILE; of several hosts, the primary is used. */
  readonly url: string;
  /** Past a pooler, for migrations and LISTEN. By default that is `url`. */
  readonly directUrl?: string;
  /** Connections at most. */
  readonly connections: number;
  /** Whether statements are prepared once for each connection. A pooler in transaction mode may not allow it. */
  readonly prepare: boolean;
  /** The time after which the database ends a statement. */
  readonly statementMs: number;
  /** The time after which it ends a statement that waits for a lock. */
  readonly lockMs: number;
  /** How long a call waits for a connection while the database is away. */
  readonly waitMs: number;
};

export const defaultOptions = {
  connections: 10,
  prepare: true,
  statementMs: 10_000,
  lockMs: 5000,
  waitMs: 5000,
} as const satisfies Omit<PostgresOptions, 'url'>;

/** The URL without what is secret, for messages. */
export function placeOf(url: string): string {
  try {
    const [first, ...others] = hostsOf(url).map((one) => new URL(one));
    if (first === undefined) return UNKNOWN;
    return `postgres://${[first, ...others].map(hostOf).join(',')}${first.pathname}`;
  } catch {
    return UNKNOWN;
  }
}

const UNKNOWN = 'the URL of the database';

function hostOf({ hostname, port, searchParams }: URL): string {
  const host = hostname || searchParams.get('host') || 'localhost';
  return `${host}${port === '' ? '' : `:${port}`}`;
}
