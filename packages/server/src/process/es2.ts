import type { Env } from '@esim-rsp/smdp/env';
import { es2Functions } from '@esim-rsp/smdp/es2/functions';
import { createRefusalAudit } from '../audit/refusals.ts';
import type { DpTls } from '../keys/smdp-keys.ts';
import type { Availability } from '../limits/availability.ts';
import { createBuckets } from '../limits/buckets.ts';
import type { Rounds } from '../limits/rounds.ts';
import { withoutValues } from '../log/errors.ts';
import type { Log } from '../log/log.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Es2Caller, Es2Log } from '../rsp/es2/answer.ts';
import { createOperatorFinder } from '../rsp/es2/callers.ts';
import { es2Listener } from '../rsp/es2/listener.ts';
import type { ProgressLog } from '../rsp/es2/progress.ts';
import { createUpstreamFinder } from '../rsp/es2/upstream-callers.ts';
import { createHandshakeLog } from '../rsp/handshake-log.ts';
import { createRspServer } from '../rsp/tls-server.ts';
import type { ServerStore } from '../store/ports/server-store.ts';
import type { Traces } from '../traces/traces.ts';
import type { Config } from './config.ts';
import { limitInterface } from './connections.ts';
import { observeInterface } from './health/metrics.ts';
import { drain, listen, urlOf } from './listen.ts';

type Parts = {
  /** undefined: a proxy ends TLS. */
  readonly dpTls: (() => DpTls) | undefined;
  readonly store: ServerStore;
  readonly env: () => Env;
  readonly availability: Availability;
  readonly rounds: Rounds;
  readonly metrics?: Metrics | undefined;
  readonly traces?: Traces | undefined;
  readonly log: Log;
};

export type StartedEs2 = { readonly url: string; drain(): Promise<void> };

/** Starts ES2+. undefined: a proxy ends TLS and sends no certificates, so the server cannot identify callers. */
export async function startEs2(
  config: Config,
  { dpTls, store, env, availability, rounds, metrics, traces, log }: Parts,
  cleanup: AsyncDisposableStack,
): Promise<StartedEs2 | undefined> {
  const { es2Host: host, es2Port, es9BodyBytes: bodyBytes, requestSeconds, drainSeconds } = config;
  const { es2CertProxies: certificateProxies } = config;
  if (dpTls === undefined && certificateProxies === undefined) {
    log.warn(
      'ES2+ is off: it needs the TLS certificates of its callers, but ESIM_ES9_TLS is 0 (see ESIM_ES2_CERT_PROXIES)',
    );
    return undefined;
  }
  const server = createRspServer({ dpTls, requestSeconds, requestClientCertificates: true });
  limitInterface(server, 'ES2+', config, { rounds, metrics, log });
  server.on('tlsClientError', createHandshakeLog(log, 'ES2+'));
  const service = {
    functions: es2Functions,
    store,
    auditRefusal: createRefusalAudit(store),
    findOperators: createOperatorFinder(store),
    availability,
    env,
    log: es2Log(log),
    traces,
  };
  const progress = {
    store,
    findUpstreams: createUpstreamFinder(store),
    limit: createBuckets(config.rates.perUpstream),
    env,
    log: progressLog(log, metrics),
  };
  server.on(
    'request',
    es2Listener(service, {
      progress,
      bodyBytes,
      traces,
      ...observeInterface('ES2+', config, rounds, metrics),
      certificateProxies,
    }),
  );
  const port = await listen(server, { host, port: es2Port, key: 'ESIM_ES2_PORT' });
  const drainServer = () => drain(server, drainSeconds);
  cleanup.defer(drainServer);
  return {
    url: urlOf(dpTls === undefined ? 'http' : 'https', host === '127.0.0.1' ? 'localhost' : host, port),
    drain: drainServer,
  };
}

function es2Log(log: Log): Es2Log {
  return {
    done: (name, caller) => log.info('the call was answered', { function: name, ...membersOf(caller) }),
    refused: (name, { subjectCode, reasonCode, message }, caller) =>
      log.info(`the call was refused: ${withoutValues(message)}`, {
        function: name,
        ...membersOf(caller),
        subject_code: subjectCode,
        reason_code: reasonCode,
      }),
    rejected: (name, reason) => log.info(`the caller was refused: ${reason}`, { function: name }),
    failed: (name, errorId, error) =>
      log.error('the call failed, because the server has an error; the caller got the error id', {
        function: name,
        error_id: errorId,
        err: error,
      }),
  };
}

const PROGRESS = { function: 'handleDownloadProgressInfo' } as const;

/** An upstream that sends too many reports is logged once a minute. */
function progressLog(log: Log, metrics: Metrics | undefined): ProgressLog {
  const lines = createBuckets(1);
  return {
    limited: ({ account, name: target }) => {
      metrics?.limitReport(account, target);
      if (lines.take(`${account} ${target}`, Date.now()) > 0) return;
      log.warn('the upstream sends more reports than ESIM_RATE_PER_UPSTREAM: it has to repeat them', {
        ...PROGRESS,
        target,
      });
    },
    recorded: (target) => log.debug('the report of an upstream was recorded', { ...PROGRESS, target }),
    ignored: (target) =>
      log.info('the report of an upstream changes nothing: it came before, or is about no profile here', {
        ...PROGRESS,
        target,
      }),
    rejected: (reason) => log.info(`the report of an upstream was refused: ${reason}`, PROGRESS),
    failed: (err) => log.error('the report of an upstream could not be recorded', { ...PROGRESS, err }),
  };
}

function membersOf({ operator, functionCallIdentifier }: Es2Caller) {
  return { operator, function_call_identifier: functionCallIdentifier };
}
