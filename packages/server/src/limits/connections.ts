import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { Server as TlsServer } from 'node:tls';
import { limitNameOf } from './ip-address.ts';
import { type Networks, noNetworks } from './networks.ts';
import { announcePeer, peerAddressOf } from './peer-address.ts';
import { readProxyHeader } from './proxy-protocol.ts';
import { connectionAccepted, type Rounds } from './rounds.ts';

export type ConnectionLimits = {
  readonly total: number;
  /** Per IPv4 address or IPv6 /64. */
  readonly perAddress: number;
  /** Proxies: their connections are those of many clients, so only the total counts. */
  readonly proxies: Networks;
  /** Proxies whose connections start with a PROXY protocol header. */
  readonly proxyProtocol?: Networks;
  readonly rounds: Rounds;
  /** Milliseconds that a TLS handshake may wait for its turn. */
  readonly waitMs: number;
  /** Called for each connection that is refused. */
  readonly refused?: ((reason: Reason) => void) | undefined;
  /** Called at most every ten seconds. `refused`: connections since the last call. */
  readonly report: (reason: Reason, refused: number, address?: string) => void;
};

/** Why connections are refused. */
export type Reason = 'total' | 'address' | 'files' | 'load';

/** The time for a PROXY protocol header. */
const HEADER_MS = 10_000;
const REPORT_EVERY_MS = 10_000;
const CLOSE_IDLE_EVERY_MS = 1000;
/** A handshake takes about a millisecond of the event loop, after it has started. */
const HANDSHAKES_IN_ROUND = 4;

/**
 * Limits the connections of a server. When it has as many as it may have, it closes those that are idle, so that new ones are accepted
 * soon. When the process has no file descriptor left, it reports that and continues. TLS handshakes wait for their turn; a connection
 * whose handshake would start too late is closed. Call it before the server listens.
 */
export function limitConnections(
  server: Server,
  {
    total,
    perAddress,
    proxies,
    proxyProtocol = noNetworks,
    rounds,
    waitMs,
    refused,
    report,
  }: ConnectionLimits,
): void {
  const reportRarely = createReporter(report, refused);
  let closedIdle = 0;
  server.maxConnections = total;
  server.on('drop', (dropped) => {
    reportRarely('total', dropped?.remoteAddress);
    if (Date.now() - closedIdle < CLOSE_IDLE_EVERY_MS) return;
    closedIdle = Date.now();
    server.closeIdleConnections();
  });
  server.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EMFILE' || error.code === 'ENFILE') reportRarely('files');
    else if (server.listening) throw error;
  });
  const isAllowed = createAddressLimit(perAddress);
  const accept = server.listeners('connection') as ((socket: Socket) => void)[];
  server.removeAllListeners('connection');
  const handshakes =
    server instanceof TlsServer ? rounds.queue({ waitMs, most: HANDSHAKES_IN_ROUND }) : undefined;
  server.on('connection', (socket: Socket) => {
    connectionAccepted();
    if (!proxyProtocol.has(socket.remoteAddress ?? '')) return admit(socket);
    readProxyHeader(socket, HEADER_MS, ({ source }) => {
      if (source !== undefined) announcePeer(socket, source);
      admit(socket);
    });
  });
  const admit = (socket: Socket) => {
    const address = peerAddressOf(socket);
    const isProxy = proxies.has(address) || proxyProtocol.has(address);
    if (!isProxy && !isAllowed(limitNameOf(address), socket)) {
      reportRarely('address', address);
      socket.destroy();
      return;
    }
    if (handshakes === undefined) return start(socket);
    socket.on('error', () => undefined); // nothing else listens yet
    handshakes.enter((isLate) => {
      if (socket.destroyed) return;
      if (!isLate) return start(socket);
      reportRarely('load', address);
      socket.destroy();
    });
  };
  const start = (socket: Socket) => {
    for (const listener of accept) listener.call(server, socket);
  };
}

/** Counts the open connections of a name. Its memory is bounded by the number of connections. */
function createAddressLimit(limit: number): (name: string, socket: Socket) => boolean {
  const open = new Map<string, number>();
  return (name, socket) => {
    const count = open.get(name) ?? 0;
    if (count >= limit) return false;
    open.set(name, count + 1);
    socket.once('close', () => {
      const left = (open.get(name) ?? 1) - 1;
      if (left > 0) open.set(name, left);
      else open.delete(name);
    });
    return true;
  };
}

function createReporter(
  report: ConnectionLimits['report'],
  refused: ConnectionLimits['refused'] = () => undefined,
) {
  const last = new Map<Reason, { at: number; refused: number }>();
  return (reason: Reason, address?: string) => {
    refused(reason);
    const entry = last.get(reason) ?? { at: 0, refused: 0 };
    last.set(reason, entry);
    entry.refused++;
    const now = Date.now();
    if (now - entry.at < REPORT_EVERY_MS) return;
    report(reason, entry.refused, address);
    last.set(reason, { at: now, refused: 0 });
  };
}
