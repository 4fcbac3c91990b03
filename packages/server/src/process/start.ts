import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import { allowBrainpoolServers } from '../delivery/outbound/brainpool-servers.ts';
import { createOperationBell } from '../delivery/upstream/operation-bell.ts';
import { limitAvailability, TAKEN_PER_MINUTE } from '../limits/availability.ts';
import { createRounds } from '../limits/rounds.ts';
import { withoutValues } from '../log/errors.ts';
import { countEvents } from '../metrics/count-events.ts';
import { countConnections } from '../metrics/database.ts';
import { createMetrics } from '../metrics/metrics.ts';
import type { LabPhone } from '../rest/lab/lab-phone.ts';
import { openTraces } from '../traces/open-telemetry.ts';
import { traceSaves } from '../traces/trace-saves.ts';
import { certificatesInUse, watchDpTls } from './certificates.ts';
import type { Config } from './config.ts';
import { firstConsoleLink } from './console/first-console-link.ts';
import { openConsole } from './console/open-console.ts';
import { describeStore, openFolder, openStore } from './data.ts';
import { type DemoProfiles, ensureDemoProfiles } from './demo/demo.ts';
import { startEs2 } from './es2.ts';
import { startEs9 } from './es9.ts';
import { ensureFirstAccount, type FirstAccount, updateSavedUrl } from './first-account.ts';
import { claimFolder } from './folder/claim.ts';
import { publishAddresses } from './folder/marker.ts';
import { nodeIdOf } from './folder/node-id.ts';
import { createScrape, refuseOpenMetrics, type Scrape, startMetricsListener } from './health/metrics.ts';
import { createReadiness } from './health/readiness.ts';
import { findRisks } from './health/risks.ts';
import { refuseOpenInstall, startInstall } from './install/install.ts';
import { startJobs } from './jobs.ts';
import { loadKeys } from './keys.ts';
import { urlOf } from './listen.ts';
import { startLog } from './log/start-log.ts';
import { describeMail } from './mail/check.ts';
import { refuseOpenRest, restScheme, startRest } from './rest.ts';

export type RunningServer = {
  readonly restUrl: string;
  readonly es9Url: string;
  /** Absent: a proxy ends TLS, so ES2+ is not served. */
  readonly es2Url?: string;
  /** Absent: there are no metrics, or this is a worker. */
  readonly metricsUrl?: string;
  /** Of the install pages; absent: they are on the port of REST. */
  readonly installUrl?: string;
  readonly smdpAddress: string;
  readonly dataDir: string;
  /** Where the records are: a file, or a database without its password. */
  readonly store: string;
  readonly pkiDir: string;
  /** A link that signs somebody in to the console, once. Absent: there is no console, or no person reads it. */
  readonly consoleLink?: string;
  /** Whether the console is served. */
  readonly hasConsole?: true;
  /** The mail server and the sender, without the password; absent: the server sends no mail. */
  readonly mail?: string;
  /** What is risky about the settings, a sentence each. */
  readonly risks: readonly string[];
  readonly account?: FirstAccount;
  readonly demo?: DemoProfiles;
  /** Switches the log between its level and debug. */
  toggleDebug(): void;
  /** Looks now whether the certificates of TLS have changed. */
  reload(): Promise<void>;
  /** Stops accepting connections, waits for requests in progress, closes the store. */
  close(): Promise<void>;
};

/** What the program that starts the server adds to it. */
export type Additions = {
  /** The folder of the built console; absent: there is no console. */
  readonly consoleFolder?: string | undefined;
  /** A phone that the REST API offers under /lab; absent: there are no such operations. */
  readonly lab?: LabPhone | undefined;
};

/** `scrape`: reads the metrics of this process; absent: there are none. */
export type StartedServer = RunningServer & { readonly scrape?: Scrape };

/**
 * Starts all services. If one fails, it stops the others and throws a StartError that says in one line what to do. `worker`: the number
 * of this worker of a server with several; the process that started it has the data folder, and the first one does what is done once.
 */
export async function startServer(
  config: Config,
  worker?: number,
  additions: Additions = {},
): Promise<StartedServer> {
  allowBrainpoolServers();
  const opened = new AsyncDisposableStack();
  try {
    return await startServices(config, worker, additions, opened);
  } catch (error) {
    await opened.disposeAsync();
    throw error;
  }
}

async function startServices(
  config: Config,
  worker: number | undefined,
  additions: Additions,
  opened: AsyncDisposableStack,
): Promise<StartedServer> {
  const [isAlone, isFirst] = [worker === undefined, worker === undefined || worker === 1];
  const { log, nameNode, toggleDebug, flush, dropped } = startLog(config, worker);
  opened.defer(flush);
  if (isFirst) for (const warning of config.warnings) log.warn(warning);
  refuseOpenRest(config);
  refuseOpenInstall(config);
  refuseOpenMetrics(config);
  if (isAlone) {
    openFolder(config.dataDir);
    await claimFolder({ ...config, log }, opened);
  }
  nameNode(nodeIdOf(config.dataDir, systemRandom));
  const metrics = config.metrics && createMetrics(String(worker ?? 1));
  const plainStore = await openStore(config, ({ row, reason }) =>
    log.error('a row of the database cannot be read and is skipped', { row, reason: withoutValues(reason) }),
  );
  opened.defer(() => plainStore.close());
  if (metrics) countConnections(metrics, plainStore);
  const traces = await openTraces({ withIdentifiers: config.logIdentifiers, warn: log.warn });
  if (traces !== undefined && isFirst)
    log.info('an OpenTelemetry SDK is registered: calls and deliveries are traced');
  const countedStore = metrics ? countEvents(plainStore, metrics) : plainStore;
  const store = traces ? traceSaves(countedStore, traces) : countedStore;
  const keys = await loadKeys(config, store, log, opened);
  const dpTls = watchDpTls(keys, config, store, log);
  opened.defer(() => dpTls?.stop());
  const certificates = certificatesInUse(keys, dpTls);
  const rounds = createRounds();
  const es9 = await startEs9(
    config,
    { keys, dpTls: dpTls?.current, store, rounds, metrics, traces, log },
    opened,
  );
  const availability = limitAvailability(TAKEN_PER_MINUTE);
  const es2 = await startEs2(
    config,
    { dpTls: dpTls?.current, store, env: es9.env, availability, rounds, metrics, traces, log },
    opened,
  );
  const restUrl = urlOf(restScheme(config), config.httpHost, config.httpPort);
  const surroundings = {
    isTerminal: process.stdout.isTTY === true,
    random: systemRandom,
    now: Date.now(),
  };
  const account = await ensureFirstAccount({ store, config, restUrl, ...surroundings });
  const demo =
    isFirst && config.demo && account
      ? await ensureDemoProfiles(store, es9.env(), account.userId)
      : undefined;
  const readiness = createReadiness(store, certificates, Date.now, keys.tokens.problems);
  const consoleFiles = openConsole(additions.consoleFolder);
  const install = await startInstall(config, { store, env: es9.env, rounds, metrics, log }, opened);
  const operationBell = createOperationBell();
  const rest = await startRest(
    config,
    {
      store,
      env: es9.env,
      availability,
      operationAccepted: operationBell.ring,
      certificates,
      readiness,
      droppedLogLines: dropped,
      rounds,
      install,
      metrics,
      traces,
      consoleFiles,
      lab: additions.lab,
      log,
    },
    opened,
  );
  if (isFirst) await updateSavedUrl(config, rest.url);
  const consoleLink =
    isFirst && consoleFiles !== undefined
      ? await firstConsoleLink({ store, account, isDemo: config.demo, restUrl: rest.url, ...surroundings })
      : undefined;
  const { env, smdpAddress } = es9;
  const consoleUrl = config.signIn.url ?? rest.url;
  if (isFirst)
    await startJobs(
      config,
      { store, env, smdpAddress, consoleUrl, certificates, operationBell, metrics, traces, log },
      opened,
    );
  const scrape =
    metrics &&
    createScrape(config, {
      metrics,
      droppedLogLines: dropped,
      ...(isFirst && { statistics: { store, certificates, readiness } }),
    });
  const mail = isFirst && config.mail ? await describeMail(config.mail, log) : undefined;
  const metricsUrl = isAlone && scrape ? await startMetricsListener(config, scrape, log, opened) : undefined;
  const addresses = {
    restUrl: rest.url,
    es9Url: es9.url,
    ...(es2 !== undefined && { es2Url: es2.url }),
    smdpAddress,
    pkiDir: config.pkiDir,
  };
  if (isAlone) publishAddresses(config.dataDir, addresses);
  return {
    ...addresses,
    dataDir: config.dataDir,
    store: describeStore(config),
    risks: findRisks(config, smdpAddress, keys.plainKeys),
    ...(consoleFiles !== undefined && { hasConsole: true }),
    ...(consoleLink !== undefined && { consoleLink }),
    ...(mail !== undefined && { mail }),
    ...(metricsUrl !== undefined && { metricsUrl }),
    ...(install.url !== undefined && { installUrl: install.url }),
    ...(scrape !== undefined && { scrape }),
    ...(account !== undefined && { account }),
    ...(demo !== undefined && { demo }),
    toggleDebug,
    reload: async () => {
      log.info('looks whether the certificates of TLS have changed');
      await Promise.all([dpTls?.check(), rest.reload(), install.reload()]);
    },
    close: async () => {
      await Promise.all([es9.drain(), es2?.drain(), rest.drain(), install.drain()]);
      await opened.disposeAsync();
    },
  };
}
