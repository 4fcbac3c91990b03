import { setTimeout as sleep } from 'node:timers/promises';
import pg, { type ClientBase, type ClientConfig } from 'pg';
import { isHopeless } from './failures.ts';
import { hostsOf } from './hosts.ts';

/** How long a connection may be silent before the system asks whether the other side is there: ten times, once a second. */
const KEEP_ALIVE_MS = 10_000;

/** How to connect to one host. The modes of TLS have the meaning that they have for other programs: require encrypts, verify-full verifies. */
export function clientConfig(url: string, waitMs: number) {
  const connection = new URL(url);
  connection.searchParams.set('uselibpqcompat', 'true');
  return {
    connectionString: connection.href,
    fallback_application_name: 'esim-rsp',
    connectionTimeoutMillis: waitMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
  };
}

/** Rejects, and ends the connection, for a replica or a primary that accepts no changes. Its SQLSTATE is that of a server that cannot be used now. */
export async function mustBePrimary(client: ClientBase, waitMs: number): Promise<void> {
  try {
    const question = { text: 'show transaction_read_only', query_timeout: waitMs };
    const { rows } = await client.query<{ transaction_read_only: string }>(question);
    if (rows[0]?.transaction_read_only === 'off') return;
    throw Object.assign(new Error('it is a replica, or accepts no changes'), { code: '57P03' });
  } catch (error) {
    destroy(client, error as Error);
    throw error;
  }
}

/** A connection to the first of the hosts of a URL that is accepted. Each is tried once. */
export async function connectToHost(
  url: string,
  waitMs: number,
  config: ClientConfig = {},
  accept: (client: ClientBase, waitMs: number) => Promise<void> = mustBePrimary,
): Promise<pg.Client> {
  const urls = hostsOf(url);
  for (const [i, one] of urls.entries()) {
    const client = new pg.Client({ ...clientConfig(one, Math.ceil(waitMs / urls.length)), ...config });
    client.on('error', () => undefined); // the query that runs, or the next one, rejects
    try {
      await client.connect();
      await accept(client, waitMs);
      return client;
    } catch (error) {
      destroy(client, error as Error);
      if (i === urls.length - 1) throw error;
    }
  }
  throw new Error('the URL names no host');
}

const RETRY_MS = 250;

/** A connection to the primary. While there is none it waits up to `waitMs`: the database may be starting, or a replica may be taking the place of a lost primary. */
export async function waitForPrimary(url: string, waitMs: number, config: ClientConfig): Promise<pg.Client> {
  const until = performance.now() + waitMs;
  for (;;)
    try {
      return await connectToHost(url, waitMs, config);
    } catch (error) {
      if (isHopeless(error) || performance.now() > until) throw error;
      await sleep(RETRY_MS);
    }
}

/** Ends a connection and sends nothing to the other side, which may be gone. */
export function destroy(client: ClientBase, why: Error): void {
  const { connection } = client as unknown as { connection: { stream: { destroy(error: Error): void } } };
  connection.stream.destroy(why);
}
