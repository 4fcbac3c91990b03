import { constants } from 'node:crypto';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { Env } from '@esim-rsp/smdp/env';
import { dropUnreadBodies } from '../../http/unread-body.ts';
import { createInstallPages, type InstallPages } from '../../install/install-pages.ts';
import { collectLinkViews } from '../../install/views.ts';
import { startLinkViewsJob } from '../../jobs/record-link-views.ts';
import { BUSY_RETRY_SECONDS, type Load } from '../../limits/load.ts';
import type { Rounds } from '../../limits/rounds.ts';
import type { Log } from '../../log/log.ts';
import type { Metrics } from '../../metrics/metrics.ts';
import type { ServerStore } from '../../store/ports/server-store.ts';
import type { Config } from '../config.ts';
import { limitInterface } from '../connections.ts';
import { observeInterface } from '../health/metrics.ts';
import { drain, isLoopback, listen, urlOf } from '../listen.ts';
import { readRestTls, renewRestTls } from '../rest-tls.ts';
import { StartError } from '../start-error.ts';

type Parts = {
  readonly store: ServerStore;
  readonly env: () => Env;
  readonly rounds: Rounds;
  readonly metrics?: Metrics | undefined;
  readonly log: Log;
};

export type StartedInstall = {
  /** For the port of REST: all of them, or styles and logos only, if they have a port of their own. */
  readonly pages: InstallPages;
  /** The address of their own port; absent: they are on that of REST. */
  readonly url?: string;
  reload(): Promise<void>;
  drain(): Promise<void>;
};

/** Throws a StartError for install pages that other machines would get by plain HTTP, unless a proxy in front terminates TLS. */
export function refuseOpenInstall({ install: { host, port }, httpTls, httpBehindTls }: Config): void {
  if (port === undefined || httpTls !== undefined || httpBehindTls || isLoopback(host)) return;
  throw new StartError(
    `ESIM_INSTALL_HOST=${host} would serve activation codes to other machines without TLS: set ESIM_HTTP_CERT and ESIM_HTTP_KEY, or ESIM_HTTP_BEHIND_TLS=1 if a proxy in front terminates TLS and is the only one that can reach the port`,
  );
}

/** Starts the pages for customers: on a port of their own, if there is one. */
export async function startInstall(
  config: Config,
  { store, env, rounds, metrics, log }: Parts,
  cleanup: AsyncDisposableStack,
): Promise<StartedInstall> {
  const { install, rates, httpTls, httpBehindTls } = config;
  const views = collectLinkViews(store);
  cleanup.defer(startLinkViewsJob(views, log));
  const { load, countCalls } = observeInterface('install', config, rounds, metrics);
  const count = countCalls?.('installPage');
  const pages = createInstallPages({
    store,
    env,
    views,
    perAddress: rates.installPerAddress,
    proxies: rates.proxies,
    isSecure: () => install.url?.startsWith('https:') ?? (httpTls !== undefined || httpBehindTls),
    ...(count !== undefined && { count }),
    log,
  });
  if (install.port === undefined)
    return { pages, reload: async () => undefined, drain: async () => undefined };
  return listenAlone(config, { pages, load, rounds, metrics, log }, cleanup);
}

type Listening = Pick<Parts, 'rounds' | 'metrics' | 'log'> & {
  readonly pages: InstallPages;
  readonly load: Load;
};

/** What a client may take: milliseconds for the headers and for a whole request, and bytes. */
const slowClients = {
  headersTimeout: 10_000,
  requestTimeout: 15_000,
  connectionsCheckingInterval: 5000,
  keepAliveTimeout: 65_000,
  maxHeaderSize: 16_384,
};

async function listenAlone(
  config: Config,
  { pages, load, rounds, metrics, log }: Listening,
  cleanup: AsyncDisposableStack,
): Promise<StartedInstall> {
  const { install, httpTls, drainSeconds } = config;
  const tls = await readRestTls(config);
  const server =
    tls === undefined
      ? createServer(slowClients)
      : createSecureServer({
          ...slowClients,
          ...tls,
          minVersion: 'TLSv1.2',
          secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
        });
  server.on('request', (request, response) =>
    load.whenItsTurn(request, () => {
      if (load.isTooMuch(request))
        return response.writeHead(503, { 'retry-after': String(BUSY_RETRY_SECONDS) }).end();
      const leave = load.enter();
      pages(request, response).finally(leave);
    }),
  );
  dropUnreadBodies(server);
  limitInterface(server, 'install', config, { rounds, metrics, log });
  const files = httpTls && renewRestTls(httpTls, server, log);
  cleanup.defer(() => files?.stop());
  cleanup.defer(() => void server.closeAllConnections());
  const port = await listen(server, {
    host: install.host,
    port: install.port ?? 0,
    key: 'ESIM_INSTALL_PORT',
  });
  return {
    pages,
    url: urlOf(tls === undefined ? 'http' : 'https', install.host, port),
    reload: async () => files?.check(),
    drain: () => drain(server, drainSeconds),
  };
}
