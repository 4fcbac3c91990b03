import type { Server } from 'node:http';
import { limitConnections } from '../limits/connections.ts';
import type { Rounds } from '../limits/rounds.ts';
import type { Log } from '../log/log.ts';
import type { Interface, Metrics } from '../metrics/metrics.ts';
import type { Config } from './config.ts';

/** File descriptors for everything but connections of clients: the database, logs, deliveries. */
const RESERVED_FILES = 128;

/** Fewer connections than this are a warning: a busy server needs more. */
const FEW = 1000;

/** How many connections each interface may have: the setting, but no more than the file descriptors allow. */
export function connectionsPerInterface(setting: number, files: number, interfaces: number): number {
  return Math.max(1, Math.min(setting, Math.floor((files - RESERVED_FILES) / interfaces)));
}

/** The number of files that this process may open. */
export function fileLimit(): number {
  const report: NodeJS.ProcessReport & { excludeNetwork?: boolean } = process.report;
  report.excludeNetwork = true; // it would look up names
  const { userLimits } = report.getReport() as {
    readonly userLimits?: Readonly<Record<string, { soft?: unknown }>>;
  };
  const soft = Number(userLimits?.open_files?.soft);
  return Number.isFinite(soft) ? soft : Number.MAX_SAFE_INTEGER;
}

/** Limits the connections of an interface, and logs when a limit is reached. */
export function limitInterface(
  server: Server,
  name: Interface,
  {
    connections: { total: setting, perAddress },
    rates: { proxies },
    proxyProtocol,
    load: { waitMs },
    install,
  }: Config,
  {
    rounds,
    log,
    metrics,
  }: { readonly rounds: Rounds; readonly log: Log; readonly metrics?: Metrics | undefined },
): void {
  const files = fileLimit();
  const total = connectionsPerInterface(setting, files, install.port === undefined ? 3 : 4);
  if (total < setting)
    log[total < FEW ? 'warn' : 'debug'](
      `${name} accepts ${total} connections, not ${setting}, because this process may open ${files} files: raise the limit (ulimit -n)`,
    );
  const texts = {
    total: `${name} has ${total} connections and refuses new ones (ESIM_MAX_CONNECTIONS, and ulimit -n)`,
    address: `an address has ${perAddress} connections to ${name}, and new ones are refused (ESIM_MAX_CONNECTIONS_PER_ADDRESS; ESIM_TRUST_PROXY if it is a proxy)`,
    load: `${name} has closed connections, because their TLS handshakes would have started too late (ESIM_MAX_WAIT_MS)`,
    files: `${name} cannot accept connections, because this process may not open more files: raise the limit (ulimit -n)`,
  };
  if (metrics) server.on('tlsClientError', () => metrics.failHandshake(name));
  limitConnections(server, {
    total,
    perAddress,
    proxies,
    rounds,
    waitMs,
    ...(metrics && { refused: (reason) => metrics.refuseConnection(name, reason) }),
    ...((name === 'ES9+' || name === 'ES2+') && { proxyProtocol }),
    report: (reason, refused, address) => log.warn(texts[reason], { refused, address }),
  });
}
