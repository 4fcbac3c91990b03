import { systemRandom } from '@esim-rsp/sgp22/crypto/random';
import type { Env } from '@esim-rsp/smdp/env';
import { es9Functions } from '@esim-rsp/smdp/es9/functions';
import { collectRefusedCalls, startRefusedCallsJob } from '../jobs/record-refused-calls.ts';
import { openTransactionSecrets, startTransactionSecretsJob } from '../jobs/rotate-transaction-secrets.ts';
import { createEnvFactory } from '../keys/env.ts';
import type { DpTls, SmdpKeys } from '../keys/smdp-keys.ts';
import { createCodeAttempts } from '../limits/code-attempts.ts';
import type { Rounds } from '../limits/rounds.ts';
import { withoutValues } from '../log/errors.ts';
import type { Log } from '../log/log.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Es9Log } from '../rsp/es9/answer.ts';
import { es9Listener } from '../rsp/es9/listener.ts';
import { createHandshakeLog } from '../rsp/handshake-log.ts';
import { createRspServer } from '../rsp/tls-server.ts';
import type { ServerStore } from '../store/ports/server-store.ts';
import type { Traces } from '../traces/traces.ts';
import type { Config } from './config.ts';
import { limitInterface } from './connections.ts';
import { observeInterface } from './health/metrics.ts';
import { drain, listen, urlOf } from './listen.ts';

type Parts = {
  readonly keys: SmdpKeys;
  /** undefined: a proxy ends TLS. */
  readonly dpTls: (() => DpTls) | undefined;
  readonly store: ServerStore;
  readonly rounds: Rounds;
  readonly metrics?: Metrics | undefined;
  readonly traces?: Traces | undefined;
  readonly log: Log;
};

export type StartedEs9 = {
  readonly url: string;
  readonly smdpAddress: string;
  readonly env: () => Env;
  drain(): Promise<void>;
};

/** Starts ES9+. The default SM-DP+ address depends on the port, so the server listens first and gets its request listener afterwards. */
export async function startEs9(
  config: Config,
  { keys, dpTls, store, rounds, metrics, traces, log }: Parts,
  cleanup: AsyncDisposableStack,
): Promise<StartedEs9> {
  const {
    es9Host: host,
    es9Port,
    limits,
    es9BodyBytes: bodyBytes,
    requestSeconds,
    drainSeconds,
    rates,
  } = config;
  const secrets = await openTransactionSecrets({ store, random: systemRandom }, Date.now());
  cleanup.defer(startTransactionSecretsJob(secrets, log));
  const refusedCalls = collectRefusedCalls(store);
  cleanup.defer(startRefusedCallsJob(refusedCalls, log));
  const server = createRspServer({ dpTls, requestSeconds });
  limitInterface(server, 'ES9+', config, { rounds, metrics, log });
  server.on('tlsClientError', createHandshakeLog(log, 'ES9+'));
  const port = await listen(server, { host, port: es9Port, key: 'ESIM_ES9_PORT' });
  const drainServer = () => drain(server, drainSeconds);
  cleanup.defer(drainServer);
  const smdpAddress = config.smdpAddress ?? `localhost:${port}`;
  const env = createEnvFactory({
    keys,
    smdpAddress,
    limits,
    secretAt: secrets.at,
    strict: config.pkiStrict,
    warn: (eid, warnings) =>
      log.warn('an eUICC was accepted, but its certificates are unusual (ESIM_PKI_STRICT=1 refuses them)', {
        eid,
        warnings: warnings.map(withoutValues),
      }),
  });
  server.on(
    'request',
    es9Listener(
      {
        functions: es9Functions,
        store,
        env,
        log: es9Log(log),
        traces,
        refusedCalls,
        codeAttempts: createCodeAttempts({
          perEuicc: rates.codeAttemptsPerEuicc,
          perAddress: rates.codeAttemptsPerAddress,
          isPublicCi: keys.isPublicCi,
        }),
      },
      // Where TLS ends here, the header comes from the phone itself, also through a proxy that passes TLS on.
      {
        bodyBytes,
        traces,
        ...observeInterface('ES9+', config, rounds, metrics),
        ...(!config.es9Tls && { proxies: rates.proxies }),
      },
    ),
  );
  const urlHost = host === '127.0.0.1' ? 'localhost' : host;
  return {
    url: urlOf(config.es9Tls ? 'https' : 'http', urlHost, port),
    smdpAddress,
    env,
    drain: drainServer,
  };
}

function es9Log(log: Log): Es9Log {
  return {
    done: (name, transactionId) =>
      log.info('the call was answered', { function: name, transaction_id: transactionId }),
    refused: (name, { subjectCode, reasonCode, message }, transactionId) =>
      log.info(`the call was refused: ${withoutValues(message)}`, {
        function: name,
        transaction_id: transactionId,
        subject_code: subjectCode,
        reason_code: reasonCode,
      }),
    failed: (name, errorId, error) =>
      log.error('the call failed, because the server has an error; the caller got the error id', {
        function: name,
        error_id: errorId,
        err: error,
      }),
  };
}
