import type { Env } from '@esim-rsp/smdp/env';
import { createLookUp } from '../delivery/outbound/look-up.ts';
import { collectKeyUses, startKeyUsesJob } from '../jobs/record-key-uses.ts';
import type { OwnCertificate } from '../keys/own-certificates.ts';
import type { Availability } from '../limits/availability.ts';
import { createBuckets } from '../limits/buckets.ts';
import type { Rounds } from '../limits/rounds.ts';
import type { Log } from '../log/log.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { restApp } from '../rest/app.ts';
import type { ConsoleFiles } from '../rest/console/console-files.ts';
import type { LabPhone } from '../rest/lab/lab-phone.ts';
import type { ServerStore } from '../store/ports/server-store.ts';
import type { Traces } from '../traces/traces.ts';
import type { Config } from './config.ts';
import { limitInterface } from './connections.ts';
import { openConsoleSessions, openOpenId } from './console/open-console.ts';
import { observeInterface } from './health/metrics.ts';
import type { StartedInstall } from './install/install.ts';
import { drain, isLoopback, listen, urlOf } from './listen.ts';
import { readRestTls, renewRestTls } from './rest-tls.ts';
import { StartError } from './start-error.ts';
import { version } from './version.ts';

/** Mails that requests of one account cause in a minute. */
const MAILS_PER_MINUTE = 60;

type Parts = {
  readonly store: ServerStore;
  readonly env: () => Env;
  readonly availability: Availability;
  /** Called when something was requested from an upstream. */
  readonly operationAccepted: () => void;
  /** The certificates that the server uses, for the status. */
  readonly certificates: () => readonly OwnCertificate[];
  readonly readiness: () => Promise<readonly string[]>;
  readonly droppedLogLines: () => number;
  readonly rounds: Rounds;
  readonly install: StartedInstall;
  readonly metrics?: Metrics | undefined;
  readonly traces?: Traces | undefined;
  readonly consoleFiles: ConsoleFiles | undefined;
  readonly lab?: LabPhone | undefined;
  readonly log: Log;
};

export type StartedRest = {
  readonly url: string;
  /** Looks now whether its certificate has changed. */
  reload(): Promise<void>;
  drain(): Promise<void>;
};

export function restScheme({ httpTls }: Config): 'http' | 'https' {
  return httpTls === undefined ? 'http' : 'https';
}

/**
 * API keys and activation codes must not travel in clear text. Throws a StartError for plain HTTP outside loopback, unless a proxy in front
 * terminates TLS.
 */
export function refuseOpenRest({ httpHost, httpTls, httpBehindTls }: Config): void {
  if (httpTls !== undefined || httpBehindTls || isLoopback(httpHost)) return;
  throw new StartError(
    `ESIM_HTTP_HOST=${httpHost} would serve the REST API to other machines without TLS: set ESIM_HTTP_CERT and ESIM_HTTP_KEY, or ESIM_HTTP_BEHIND_TLS=1 if a proxy in front terminates TLS and is the only one that can reach the port`,
  );
}

/** Starts the REST API. */
export async function startRest(
  config: Config,
  parts: Parts,
  cleanup: AsyncDisposableStack,
): Promise<StartedRest> {
  const { store, env, availability, operationAccepted, certificates, readiness, droppedLogLines } = parts;
  const { rounds, install, metrics, traces, consoleFiles, lab, log } = parts;
  const { httpHost: host, httpPort, drainSeconds, webhookAllowPrivate: allowPrivate, rates: limits } = config;
  const tls = await readRestTls(config);
  const stopping = new AbortController();
  const uses = collectKeyUses(store);
  cleanup.defer(startKeyUsesJob(uses, log));
  const address = { rest: urlOf(restScheme(config), host, httpPort) };
  const app = restApp({
    store,
    env,
    availability,
    operationAccepted,
    log,
    version,
    installUrl: () => config.install.url ?? install.url ?? address.rest,
    pages: install.pages,
    pagesAreElsewhere: install.url !== undefined,
    allowPrivate,
    upstreamNetwork: { allowPrivate: config.upstreamAllowPrivate, lookUp: createLookUp(config.dnsServers) },
    coreAccess: {
      allowPrivate: config.coreAllowPrivate,
      lookUp: createLookUp(config.dnsServers),
      files: config.coreFiles,
    },
    ...(config.mail !== undefined && { mail: { requests: createBuckets(MAILS_PER_MINUTE) } }),
    limits,
    ...(traces !== undefined && { traces }),
    ...(lab !== undefined && { lab }),
    ...observeInterface('REST', config, rounds, metrics),
    stopping: stopping.signal,
    sessions: openConsoleSessions(config, store),
    ...openOpenId(config),
    ...(consoleFiles !== undefined && { consoleFiles }),
    used: uses.record,
    certificates,
    readiness,
    droppedLogLines,
    ...(tls !== undefined && { tls }),
  });
  const files = config.httpTls && renewRestTls(config.httpTls, app.server, log);
  cleanup.defer(() => files?.stop());
  cleanup.defer(() => app.close());
  await app.ready();
  limitInterface(app.server, 'REST', config, { rounds, metrics, log });
  const port = await listen(app.server, { host, port: httpPort, key: 'ESIM_HTTP_PORT' });
  address.rest = urlOf(restScheme(config), host, port);
  return {
    url: address.rest,
    reload: async () => files?.check(),
    drain: () => {
      stopping.abort();
      return drain(app.server, drainSeconds);
    },
  };
}
