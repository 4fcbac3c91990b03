import { once } from 'node:events';
import type { Server, ServerResponse } from 'node:http';
import { type AddressInfo, createServer, isIPv6, Server as TcpServer } from 'node:net';
import { parseNetworks } from '../limits/networks.ts';
import { StartError } from './start-error.ts';

export type ListenAddress = {
  readonly host: string;
  readonly port: number;
  /** The setting of the port. */
  readonly key:
    | 'ESIM_HTTP_PORT'
    | 'ESIM_ES9_PORT'
    | 'ESIM_ES2_PORT'
    | 'ESIM_INSTALL_PORT'
    | 'ESIM_METRICS_PORT';
};

/** Connections that may wait until they are accepted, if the system allows that number: a client whose connection is dropped tries again after a second. */
const BACKLOG = 4096;

/** Starts to listen and resolves to the port. Throws a StartError that says what to do if it cannot. */
export async function listen(server: Server, place: ListenAddress): Promise<number> {
  try {
    server.listen({ host: place.host, port: place.port, backlog: BACKLOG });
    await once(server, 'listening');
  } catch (error) {
    throw toStartError(error, place);
  }
  return (server.address() as AddressInfo).port;
}

/** The ports, and for each 0 one that is free at this moment. */
export async function findFreePorts(
  places: readonly (readonly [host: string, port: number])[],
): Promise<number[]> {
  const servers = places.map(([host, port]) => (port === 0 ? createServer().listen(0, host) : undefined));
  await Promise.all(servers.map((server) => server && once(server, 'listening')));
  const ports = places.map(([, port], i) => (servers[i]?.address() as AddressInfo | undefined)?.port ?? port);
  await Promise.all(servers.map((server) => server && once(server.close(), 'close')));
  return ports;
}

/** Converts an error of listen to a StartError that says what to do; other errors are returned unchanged. */
export function toStartError(error: unknown, { host, port, key }: ListenAddress): unknown {
  const hostKey = key.replace('PORT', 'HOST');
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EADDRINUSE':
      return new StartError(
        `port ${port} of ${host} is in use: stop the program that listens there, or set ${key} to another port`,
      );
    case 'EACCES':
      return new StartError(`port ${port} may not be opened by this user: set ${key} to one above 1023`);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new StartError(`${host} is not an address of this machine: set ${hostKey} to one that is`);
    default:
      return error;
  }
}

/** Whether only programs on this machine can reach a listener at this address. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || loopback.has(host);
}

const loopback = parseNetworks('127.0.0.0/8,::1');

/** A URL for use on this machine: localhost instead of 0.0.0.0 or ::. */
export function urlOf(scheme: 'http' | 'https', host: string, port: number): string {
  const shown = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  return `${scheme}://${isIPv6(shown) ? `[${shown}]` : shown}:${port}`;
}

/** How long a kept-alive connection stays open for a request that its client may be sending. */
const LAST_REQUEST_MS = 250;

/**
 * Stops accepting connections, waits for requests in progress, and closes what is still open after `seconds`. A request that arrives on an open
 * connection is answered, with `Connection: close`; a connection without one is closed soon.
 */
export async function drain(server: Server, seconds: number): Promise<void> {
  server.prependListener('request', (_request, response: ServerResponse) => {
    response.shouldKeepAlive = false;
  });
  server.keepAliveTimeout = LAST_REQUEST_MS;
  server.keepAliveTimeoutBuffer = 0;
  // That of node:http would close idle connections at once, although a request may be on its way.
  const closed = new Promise((resolve) => TcpServer.prototype.close.call(server, resolve));
  const idle = setTimeout(() => server.closeIdleConnections(), LAST_REQUEST_MS);
  const late = setTimeout(() => server.closeAllConnections(), seconds * 1000);
  await closed;
  clearTimeout(idle);
  clearTimeout(late);
  server.close(() => undefined); // ends its timers
}
